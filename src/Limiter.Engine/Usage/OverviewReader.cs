using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>
/// Who sends how much now, and who is near or over a limit. The limits of some of the busiest and the most denied
/// tenants are looked at, and those of a page; of the others is known whether they were denied.
/// </summary>
/// <param name="recent">The last minutes.</param>
/// <param name="checker">Looks at limits.</param>
/// <param name="clock">The time of decisions.</param>
/// <param name="options">At whom it looks; null for the defaults.</param>
/// <param name="pace">The time for which looks are kept; null for the system's.</param>
public sealed class OverviewReader(
    RecentUsage recent, Checker checker, TimeProvider clock, OverviewOptions? options = null,
    TimeProvider? pace = null)
{
    private const long Full = 1_000;
    private const long NearFrom = 800;

    private readonly OverviewOptions _options = options ?? new OverviewOptions();
    private readonly LimitLooks _looks = new(
        checker, (options ?? new OverviewOptions()).LookKept, pace ?? TimeProvider.System);

    /// <summary>Whether the buckets are known to be out of reach.</summary>
    public bool IsDegraded => checker.AreBucketsAway;

    /// <summary>How long they were, since this process began.</summary>
    public TimeSpan Degraded => checker.BucketsAway;

    /// <param name="nearFirst">Nearest to a limit first, not busiest first.</param>
    /// <param name="skip">How many of the order come before the page; at least 0.</param>
    /// <param name="take">Most tenants of the page; at least 1.</param>
    /// <exception cref="StoreUnavailableException">The usage cannot be reached.</exception>
    public async ValueTask<Overview> ReadAsync(
        bool nearFirst, int skip, int take, CancellationToken cancellation)
    {
        var view = await recent.ViewAsync(cancellation).ConfigureAwait(false);
        var looked = view.Tenants.Take(_options.BusiestMax)
            .Concat(view.Tenants.Where(tenant => tenant.Line.Counts.Denied > 0)
                .OrderByDescending(tenant => tenant.Line.Counts.Denied).Take(_options.DeniedMax));
        await _looks.LookAsync([.. looked.Distinct()], cancellation).ConfigureAwait(false);
        var all = view.Tenants.Select(StandingOf).ToList();
        var page = InOrder(all, nearFirst).Skip(skip).Take(take).ToList();
        await _looks.LookAsync(page.ConvertAll(one => one.Recent), cancellation).ConfigureAwait(false);
        return new Overview(
            Instant.From(clock.GetUtcNow()), view,
            all.Count(one => one.State == StandingState.Near), all.Count(one => one.State == StandingState.Over),
            [.. page.Select(one => StandingOf(one.Recent))]);
    }

    // The view is in the order of the load already.
    private static IEnumerable<Standing> InOrder(List<Standing> all, bool nearFirst) => nearFirst
        ? all.OrderByDescending(one => one.State).ThenByDescending(one => one.UsedPermille)
        : all;

    private Standing StandingOf(RecentTenant tenant)
    {
        if (_looks.Find(tenant.Tenant) is not { } look)
            return new Standing(tenant, null, tenant.DeniedLast > 0 ? StandingState.Over : StandingState.Ok, [], 0);
        var limits = look.Limits;
        var used = limits.Where(status => !status.Limit.IsShadow).Select(UsedPermille).DefaultIfEmpty(0).Max();
        var isEmpty = limits.Any(status => !status.Limit.IsShadow && status.Remaining <= 0);
        var state = isEmpty || tenant.DeniedLast > 0 ? StandingState.Over
            : used >= NearFrom ? StandingState.Near : StandingState.Ok;
        return new Standing(tenant, look.Plan, state, limits, used);
    }

    // A limit that was lowered can have more left than its number, and one of 0 is used up.
    private static long UsedPermille(LimitStatus status) => status.Number <= 0 ? Full
        : Full - (long)((Int128)Math.Clamp(status.Remaining, 0, status.Number) * Full / status.Number);
}
