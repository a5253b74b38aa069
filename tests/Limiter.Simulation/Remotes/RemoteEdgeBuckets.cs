using Limiter.Client.Remote;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Tenants;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Simulation.Edges;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Remotes;

/// <summary>
/// A remote edge's way to the buckets: the client's own, watched. What is asked at one moment is asked in an order that
/// a seed tells.
/// </summary>
internal sealed class RemoteEdgeBuckets(
    int machine, Process process, EdgeClock clock, Cluster cluster, Departures departures, RemoteBuckets inner,
    LeaseOptions options, Anchors anchors, Relay relay, Action<Exception> onForged) : IBuckets
{
    private readonly Askings _askings = new(clock, options.WaitLimit);

    /// <summary>Told of a tenant that has no such bucket.</summary>
    public Action<TenantId> OnUnknown
    {
        set => inner.OnUnknown = value;
    }

    public async ValueTask<ReserveReply> ReserveAsync(
        BucketId bucket, ReserveRequest request, CancellationToken cancellation)
    {
        var site = cluster.Find(bucket);
        var asking = _askings.Of(site, request.Number);
        await LeaveAsync(site).ConfigureAwait(false);
        var reply = await inner.ReserveAsync(bucket, request, cancellation).ConfigureAwait(false);
        if (asking.IsOver) return reply;
        asking.IsOver = true;
        if (relay.DecidedAt(site, request, reply) is { } decidedAt)
            anchors.Take(site, request, reply, decidedAt, asking.Sent);
        else onForged(new InvalidOperationException($"{bucket} never decided what reply {reply.Number} says."));
        return reply;
    }

    public async ValueTask<ChargeOutcome> ChargeAsync(
        BucketId bucket, ChargeRequest request, CancellationToken cancellation)
    {
        await LeaveAsync(cluster.Find(bucket)).ConfigureAwait(false);
        return await inner.ChargeAsync(bucket, request, cancellation).ConfigureAwait(false);
    }

    private Task LeaveAsync(BucketSite site)
    {
        var left = new TaskCompletionSource();
        departures.Add(machine, site.Index, () => process.Run(left.SetResult));
        return left.Task;
    }
}
