using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Tenants;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Running;

/// <summary>The auditor's accounts by bucket and position, and the numbers in force that it is told of.</summary>
internal sealed class Accounts(
    Pump pump, Policy policy, Auditor auditor, Cluster cluster, Clientele clientele, long knownWithinMs)
{
    private readonly List<(BucketSite Site, BucketLayout Layout, LimitAccount[] Limits, long[] Told)> _sites = [];

    private readonly HashSet<LimitAccount> _changed = [];

    public IEnumerable<BucketSite> Sites => _sites.Select(entry => entry.Site);

    public BucketSite SiteOf(BucketId bucket, BucketLayout layout)
    {
        var site = cluster.Find(bucket);
        if (site.Index < _sites.Count) return site;
        var numbers = layout.Limits.Select(limit => NumberOf(site, limit)).ToArray();
        var limits = numbers.Select((number, position) => auditor.Open(bucket, layout.RuleAt(position), number));
        _sites.Add((site, layout, [.. limits], numbers));
        return site;
    }

    /// <summary>A bucket's accounts, by position.</summary>
    public LimitAccount[] Of(BucketSite site) => _sites[site.Index].Limits;

    /// <summary>The account of a limit; null when the bucket has none of that name.</summary>
    public LimitAccount? Find(BucketSite site, LimitId limit)
    {
        foreach (var account in Of(site))
            if (account.Rule.Id == limit) return account;
        return null;
    }

    /// <summary>
    /// The account of which it can be told what is left: not of a token bucket whose rate has changed.
    /// </summary>
    public LimitAccount? FindSteady(BucketSite site, LimitRule rule) =>
        Find(site, rule.Id) is { } account && (rule.Algorithm != Algorithm.TokenBucket || !_changed.Contains(account))
            ? account
            : null;

    /// <summary>
    /// A customer's numbers may have changed. What an edge may still take for a number was in force too, for a moment.
    /// </summary>
    public void Refresh(Customer customer)
    {
        Refresh(customer, limit => customer.GreatestOf(limit, pump.TrueTime, knownWithinMs));
        pump.In(Pump.Millisecond, null, () => Refresh(customer, limit => customer.NumberOf(limit, pump.TrueTime)));
    }

    private void Refresh(Customer customer, Func<LimitDefinition?, long> numberOf)
    {
        foreach (var (site, layout, limits, told) in _sites)
        {
            if (site.Id.Tenant != customer.Id) continue;
            for (var position = 0; position < limits.Length; position++)
            {
                var number = numberOf(layout.Limits[position]);
                if (number == told[position]) continue;
                told[position] = number;
                _changed.Add(limits[position]);
                limits[position].Change(pump.TrueTime, number);
            }
        }
    }

    private long NumberOf(BucketSite site, LimitDefinition? limit)
    {
        if (limit is null) return Schedule.Unlimited;
        if (clientele.Find(site.Id.Tenant) is { } customer) return customer.NumberOf(limit, pump.TrueTime);
        return policy.Anonymous!.Numbers[limit.Index] ?? limit.Number
            ?? NumberOf(site, policy.Limits[limit.PercentOf!.Value]) * limit.Percent / 100;
    }
}
