using Limiter.Domain.Usage;

namespace Limiter.Engine.Usage;

/// <summary>What a tenant used in one period.</summary>
/// <param name="Period">The period.</param>
/// <param name="Sheet">What was counted in it, as far as it is known now.</param>
/// <param name="IsClosed">Whether it is summed up, or a minute whose rows are in: nothing more is expected.</param>
/// <param name="Charged">Of a closed day, what the buckets charged; null when unknown.</param>
public sealed record UsageEntry(UsagePeriod Period, UsageSheet Sheet, bool IsClosed, long? Charged = null);
