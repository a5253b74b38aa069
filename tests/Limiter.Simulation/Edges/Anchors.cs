using Limiter.Domain.Escrow;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Edges;

/// <summary>What one edge took in, bucket by bucket.</summary>
internal sealed class Anchors(IEdgeWitness witness)
{
    private readonly List<Anchor> _anchors = [];

    /// <summary>By bucket; default where nothing was received.</summary>
    public Anchor Of(BucketSite site) => site.Index < _anchors.Count ? _anchors[site.Index] : default;

    public void Take(BucketSite site, ReserveRequest request, ReserveReply reply, long decidedAt, Sending sent)
    {
        while (_anchors.Count <= site.Index) _anchors.Add(default);
        if (reply.Outcome == ReserveOutcome.Stale) return;
        _anchors[site.Index] = _anchors[site.Index]
            .Then(reply.Now, reply.DurationMs, reply.Exact, decidedAt, sent);
        witness.Received(site, request, reply);
    }
}

/// <summary>Sees besides what an edge took in.</summary>
internal interface IEdgeWitness : IBucketWitness
{
    void Received(BucketSite site, ReserveRequest request, ReserveReply reply);
}
