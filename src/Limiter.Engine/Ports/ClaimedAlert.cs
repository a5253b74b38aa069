using Limiter.Domain.Alerts;

namespace Limiter.Engine.Ports;

/// <summary>An alert that this process is to deliver, until the claim ends.</summary>
/// <param name="Alert">As it stands, this attempt counted.</param>
/// <param name="Version">Tells this claim from the next.</param>
public sealed record ClaimedAlert(Alert Alert, string Version);
