using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Simulation.Running;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Stores;

/// <summary>All hosts, and the disk under them.</summary>
internal sealed class Cluster
{
    private readonly Dictionary<BucketId, BucketSite> _sites = [];
    private readonly List<BucketSite> _inOrder = [];

    public Cluster(int places, Pump pump, Dice dice, StoreWeather weather, Timeline timeline, BucketRule rule)
    {
        Rule = rule;
        Places = [.. Enumerable.Range(0, places).Select(i =>
            new HostPlace(i, pump, dice.Fork(), weather, timeline))];
    }

    public BucketRule Rule { get; }

    public IReadOnlyList<HostPlace> Places { get; }

    /// <summary>Every bucket that was asked for, in that order.</summary>
    public IReadOnlyList<BucketSite> Sites => _inOrder;

    /// <summary>A bucket's own time now: its host's, which it never lets go back.</summary>
    public Instant TimeOf(BucketSite site) =>
        Instant.Max(Places[site.Place].Clock.Now, site.Saved?.Now ?? Instant.MinValue);

    public BucketSite Find(BucketId bucket)
    {
        if (_sites.TryGetValue(bucket, out var site)) return site;
        site = new BucketSite(bucket, _inOrder.Count, _inOrder.Count % Places.Count);
        _sites.Add(bucket, site);
        _inOrder.Add(site);
        return site;
    }
}
