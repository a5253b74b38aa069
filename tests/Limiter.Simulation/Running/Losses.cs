using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Simulation.Auditing;
using Limiter.Simulation.Edges;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Running;

/// <summary>
/// Leases of which nothing more will be heard, because their edge has ended or was away for too long: the auditor
/// expects none of their tokens back.
/// </summary>
internal sealed class Losses(Auditor auditor, Accounts accounts)
{
    private readonly HashSet<EdgeId> _silent = [];
    private readonly Dictionary<(EdgeId Edge, BucketSite Site), long> _received = [];

    // Tokens that counted as spent when they were granted, until the edge is known to have spent them or to have given
    // them back.
    private readonly Dictionary<(EdgeId Edge, long Number), (BucketSite Site, ReserveRequest, ReserveReply, int Edge)>
        _exact = [];

    // Grants of leases that were saved, until their edge has a reply or a later request of it is saved, which tells.
    private readonly Dictionary<(EdgeId Edge, BucketSite Site), (ReserveRequest Request, ReserveReply Reply, int Edge)>
        _underWay = [];

    // Those of them whose replies came.
    private readonly HashSet<(EdgeId Edge, long Number)> _arrived = [];

    /// <summary>Asleep for so long that its buckets have forgotten it: what it told they may be told again.</summary>
    public bool IsForgotten(EdgeId edge) => _silent.Contains(edge);

    public void Ended(SimulatedEdge edge)
    {
        auditor.Gone(edge.Number);
        WentSilent(edge);
    }

    /// <summary>What it counted and has not saved is lost with it.</summary>
    public void Uncounted(SimulatedEdge edge) => auditor.Uncounted(edge.Number);

    /// <summary>What an edge holds everywhere is given up.</summary>
    public void WentSilent(SimulatedEdge edge)
    {
        if (!_silent.Add(edge.Id)) return;
        foreach (var site in accounts.Sites)
            if (site.Saved?.Find(edge.Id) is { } entry) LoseHeld(site, site.Saved, entry, edge.Number);
    }

    /// <summary>A bucket granted something: it may be to one that will never take it in.</summary>
    public void Granted(BucketSite site, ReserveRequest request, ReserveReply reply, int edge)
    {
        _underWay.Remove((request.Edge, site));
        if (reply.Exact) _exact.TryAdd((request.Edge, request.Number), (site, request, reply, edge));
        else if (_silent.Contains(request.Edge)) LoseGranted(site, request, reply, edge);
        else _underWay[(request.Edge, site)] = (request, reply, edge);
    }

    public void Received(BucketSite site, ReserveRequest request, ReserveReply reply)
    {
        if (reply.Exact) _arrived.Add((request.Edge, request.Number));
        // A denial is not saved: a late copy of the same request may be granted, and nobody hears of it.
        _received[(request.Edge, site)] = request.Number;
        if (reply.Outcome == ReserveOutcome.Granted && _underWay.TryGetValue((request.Edge, site), out var grant)
            && grant.Request.Number == request.Number)
            _underWay.Remove((request.Edge, site));
    }

    /// <summary>Edges made room for another, and leases counted as spent before they were told of.</summary>
    public void MadeRoom(BucketSite site, BucketState before, BucketState after, Dictionary<EdgeId, int> numbers)
    {
        // Who stays keeps its place among those who stay.
        var place = 0;
        foreach (var entry in before.Edges)
        {
            if (place < after.Edges.Count && after.Edges[place].Edge == entry.Edge) place++;
            else if (!_silent.Contains(entry.Edge) && after.Find(entry.Edge) is null)
                LoseHeld(site, before, entry, numbers[entry.Edge]);
        }
    }

    /// <summary>What a bucket spent at once for an edge was admitted.</summary>
    public void Spent(EdgeId edge, BucketSite site, Instant at) => Settle(site, at, edge);

    /// <summary>It was given back: another bucket denied the rest.</summary>
    public void GaveBack(BucketSite site, Instant at) => Settle(site, at, null);

    // Those of one bucket, time and cost stand for one another.
    private void Settle(BucketSite site, Instant at, EdgeId? edge)
    {
        foreach (var (key, (place, _, reply, _)) in _exact)
        {
            if (!_arrived.Contains(key) || place != site || reply.Now != at) continue;
            if (edge is { } known && key.Edge != known) continue;
            _exact.Remove(key);
            return;
        }
    }

    /// <summary>What is still under way will never arrive.</summary>
    public void Conclude()
    {
        foreach (var (site, request, reply, edge) in _exact.Values) LoseGranted(site, request, reply, edge);
        foreach (var ((_, site), (request, reply, edge)) in _underWay)
            if (IsOvertaken(site, request)) LoseGranted(site, request, reply, edge);
    }

    // Its edge has had an answer to it, or to a later one, which granted nothing and so was not saved.
    private bool IsOvertaken(BucketSite site, ReserveRequest request) =>
        _received.TryGetValue((request.Edge, site), out var number) && number >= request.Number;

    private void LoseHeld(BucketSite site, BucketState state, EdgeEntry entry, int edge)
    {
        _underWay.Remove((entry.Edge, site));
        foreach (var lease in new[] { entry.Open, entry.Ended })
            for (var i = 0; lease is not null && i < lease.Holdings.Length; i++)
                Lose(site, state.Terms.Limits[i].Rule.Id, edge, lease.Expiry, lease.Holdings[i].Tokens);
    }

    private void LoseGranted(BucketSite site, ReserveRequest request, ReserveReply reply, int edge)
    {
        for (var i = 0; i < reply.Limits.Length; i++)
            Lose(site, request.Terms.Limits[i].Rule.Id, edge, reply.Now + reply.DurationMs, reply.Limits[i].Granted);
    }

    private void Lose(
        BucketSite site, Domain.Policies.LimitId limit, int edge, Instant expiry, long tokens)
    {
        if (tokens > 0) accounts.Find(site, limit)?.Lose(edge, expiry, tokens);
    }
}
