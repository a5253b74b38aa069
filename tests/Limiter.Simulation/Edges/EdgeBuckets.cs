using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Edges;

/// <summary>One edge's way to the buckets.</summary>
internal sealed class EdgeBuckets(
    int machine, Process process, EdgeClock clock, Pump pump, Cluster cluster, Network network, LeaseOptions options,
    IEdgeWitness witness) : IBuckets
{
    /// <summary>How long a correction waits for its answer.</summary>
    private const long ChargeWaitMs = 2_000;

    private readonly List<Anchor> _anchors = [];

    /// <summary>By bucket; default where nothing was received.</summary>
    public Anchor AnchorOf(int site) => site < _anchors.Count ? _anchors[site] : default;

    public ValueTask<ReserveReply> ReserveAsync(
        BucketId bucket, ReserveRequest request, CancellationToken cancellation)
    {
        pump.CheckThread();
        var site = cluster.Find(bucket);
        var asked = new TaskCompletionSource<ReserveReply>();
        var sent = Sending.Now(clock);
        // The engine gives up then; what comes later it does not see.
        var deadline = pump.Now + clock.Lasting(options.WaitLimit.Ticks);
        Deliver(site, machine, answer => new ReserveWork(site, request, cluster.Rule, witness, (reply, failure) =>
        {
            var decidedAt = pump.Now;
            answer(() =>
            {
                var arrived = pump.Now;
                process.Run(() =>
                {
                    if (arrived >= deadline || asked.Task.IsCompleted) return;
                    if (reply is not null) Take(site, request, reply, decidedAt, sent);
                    if (reply is not null) asked.TrySetResult(reply);
                    else asked.TrySetException(new BucketsUnavailableException(failure!));
                });
            });
        }), failure => process.Run(() => asked.TrySetException(new BucketsUnavailableException(failure))));
        return new ValueTask<ReserveReply>(asked.Task);
    }

    public ValueTask<ChargeOutcome> ChargeAsync(
        BucketId bucket, ChargeRequest request, CancellationToken cancellation)
    {
        pump.CheckThread();
        var site = cluster.Find(bucket);
        var asked = new TaskCompletionSource<ChargeOutcome>();
        pump.In(ChargeWaitMs * Pump.Millisecond, process, () =>
        {
            if (!asked.Task.IsCompleted) asked.SetException(new BucketsUnavailableException("no answer"));
        });
        Deliver(site, machine, answer => new ChargeWork(site, request, cluster.Rule, witness, (outcome, failure) =>
            answer(() => process.Run(() =>
            {
                if (failure is null) asked.TrySetResult(outcome);
                else asked.TrySetException(new BucketsUnavailableException(failure));
            }))), failure => process.Run(() => asked.TrySetException(new BucketsUnavailableException(failure))));
        return new ValueTask<ChargeOutcome>(asked.Task);
    }

    private void Deliver(
        BucketSite site, int edge, Func<Action<Action>, BucketWork> work, Action<string> refuse)
    {
        var place = cluster.Places[site.Place];
        if (network.IsLocal)
        {
            if (network.IsCut(edge, site.Place) || !place.Take(edge, work(deliver => deliver())))
                refuse("nobody is there");
            return;
        }
        network.Ask(edge, site.Index, site.Place, () =>
        {
            var taken = place.Take(edge, work(deliver => network.Answer(edge, site.Place, deliver)));
            if (!taken) network.Answer(edge, site.Place, () => refuse("nobody is there"));
        });
    }

    private void Take(
        BucketSite site, ReserveRequest request, ReserveReply reply, long decidedAt, Sending sent)
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
