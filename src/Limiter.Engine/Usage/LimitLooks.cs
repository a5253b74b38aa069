using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>What tenants have left of their limits, looked at without consuming and kept for some time.</summary>
internal sealed class LimitLooks(Checker checker, TimeSpan kept, TimeProvider pace)
{
    /// <summary>Most looks at once.</summary>
    public const int AtOnceMax = 16;

    /// <summary>Most looks that are kept.</summary>
    public const int LooksMax = 10_000;

    // Limits that count by address are nobody's in particular: an address of documents (RFC 5737) stands for it.
    private static readonly IPAddress Nobody = new([192, 0, 2, 1]);

    private readonly ConcurrentDictionary<TenantId, Look> _looks = new();

    /// <summary>Looks at those of some tenants that were not looked at lately.</summary>
    public async ValueTask LookAsync(IReadOnlyCollection<RecentTenant> tenants, CancellationToken cancellation)
    {
        var stale = tenants.Where(tenant => Find(tenant.Tenant) is null).ToList();
        if (stale.Count == 0) return;
        if (_looks.Count + stale.Count > LooksMax) _looks.Clear();
        var several = new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancellation };
        await Parallel.ForEachAsync(stale, several, async (tenant, stop) =>
            _looks[tenant.Tenant] = await LookAsync(tenant, stop).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Null when the tenant was not looked at lately.</summary>
    public Look? Find(TenantId tenant) =>
        _looks.TryGetValue(tenant, out var look) && pace.GetElapsedTime(look.At) < kept ? look : null;

    private async ValueTask<Look> LookAsync(RecentTenant tenant, CancellationToken cancellation)
    {
        var policy = checker.Policy.Policy;
        var check = new Check
        {
            Tenant = tenant.Tenant.Text,
            Key = policy.RequiresKey && tenant.Key.Length > 0 ? tenant.Key : null,
            Address = policy.RequiresIp ? Nobody : null,
            Method = "GET",
            Path = "",
        };
        var decision = new Decision();
        var at = pace.GetTimestamp();
        try
        {
            await checker.PeekAsync(check, decision, cancellation).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // The directory is out of reach: what was counted can still be told.
            return new Look(null, [], at);
        }
        ImmutableArray<LimitStatus> limits = decision.Outcome == Outcome.Refused ? [] :
            [.. decision.Limits.ToArray().Where(status => status.Limit.Partition != Partition.Ip)];
        return new Look(decision.Plan?.Name, limits, at);
    }
}

/// <summary>One look at a tenant's limits.</summary>
internal sealed record Look(string? Plan, ImmutableArray<LimitStatus> Limits, long At);
