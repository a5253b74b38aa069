using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Simulation.Remotes;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Edges;

/// <summary>One edge's way to the buckets, and that of those in other processes that it serves.</summary>
internal sealed class EdgeBuckets(
    EdgeId id, int machine, Process process, EdgeClock clock, Pump pump, Cluster cluster, Network network,
    LeaseOptions options, Anchors anchors, Relay relay, IBucketWitness witness) : IBuckets
{
    /// <summary>How long a correction waits for its answer.</summary>
    private const long ChargeWaitMs = 2_000;

    private readonly Askings _askings = new(clock, options.WaitLimit);

    public ValueTask<ReserveReply> ReserveAsync(
        BucketId bucket, ReserveRequest request, CancellationToken cancellation)
    {
        pump.CheckThread();
        var site = cluster.Find(bucket);
        var asked = new TaskCompletionSource<ReserveReply>();
        // Those that it serves know themselves what they wait for.
        var own = request.Edge == id ? _askings.Of(site, request.Number) : null;
        Deliver(site, machine, answer => new ReserveWork(site, request, cluster.Rule, witness, (reply, failure) =>
        {
            var decidedAt = pump.Now;
            if (own is null && reply is not null) relay.Decided(site, request, reply, decidedAt);
            answer(() => process.Run(() =>
            {
                if (asked.Task.IsCompleted) return;
                if (reply is null)
                {
                    asked.SetException(new BucketsUnavailableException(failure!));
                    return;
                }
                if (own is { IsOver: true }) return;
                if (own is not null)
                {
                    own.IsOver = true;
                    anchors.Take(site, request, reply, decidedAt, own.Sent);
                }
                asked.SetResult(reply);
            }));
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
}
