using Limiter.Domain.Alerts;

namespace Limiter.Engine.Ports;

/// <summary>A rule as it was read.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Version">Differs after every change.</param>
public sealed record StoredAlertRule(AlertRule Rule, string Version);
