using Limiter.Domain.Usage;

namespace Limiter.Engine.Ports;

/// <summary>A total as it was read.</summary>
/// <param name="Total">The total.</param>
/// <param name="Version">Differs after every change.</param>
public sealed record StoredTotal(UsageTotal Total, string Version);
