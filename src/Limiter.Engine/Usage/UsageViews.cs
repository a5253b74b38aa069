using Limiter.Engine.Checks;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>All ways to look at what is used, over what a host has.</summary>
/// <param name="Reader">A tenant's usage.</param>
/// <param name="Recent">The last minutes of all tenants.</param>
/// <param name="Overview">Who is busy, and who is near a limit.</param>
/// <param name="Live">What this process decides.</param>
public sealed record UsageViews(UsageReader Reader, RecentUsage Recent, OverviewReader Overview, LiveCounts Live)
{
    /// <param name="store">The usage.</param>
    /// <param name="tally">What this process counts.</param>
    /// <param name="checker">What decides here.</param>
    /// <param name="clock">The time of decisions.</param>
    /// <param name="overview">At whose limits an overview looks; null for the defaults.</param>
    /// <param name="onFailure">Told of rows that cannot be read; must not throw.</param>
    public static UsageViews Of(
        IUsageStore store, UsageTally tally, Checker checker, TimeProvider clock, OverviewOptions? overview = null,
        Action<Exception>? onFailure = null)
    {
        var recent = new RecentUsage(store, clock, onFailure);
        return new UsageViews(
            new UsageReader(store, tally, clock), recent, new OverviewReader(recent, checker, clock, overview),
            new LiveCounts(checker, tally, clock));
    }
}
