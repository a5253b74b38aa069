using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Usage;

/// <summary>The last minutes whose rows are in.</summary>
/// <param name="Until">The end of the last one.</param>
/// <param name="LastMinute">What was decided in it, of all tenants and of anonymous callers.</param>
/// <param name="Tenants">Those that did anything in the minutes, the busiest first.</param>
public sealed record RecentView(Instant Until, UsageCounts LastMinute, ImmutableArray<RecentTenant> Tenants);
