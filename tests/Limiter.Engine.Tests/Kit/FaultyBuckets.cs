using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Tests.Kit;

/// <summary>What becomes of the requests that an edge sends to its buckets.</summary>
internal enum Fault
{
    None,

    /// <summary>The request does not arrive, and that is known at once.</summary>
    Fails,

    /// <summary>The store answers that this one bucket is damaged.</summary>
    IsDamaged,

    /// <summary>The request does not arrive, and nothing comes back.</summary>
    IsSilent,

    /// <summary>The request takes effect; instead of the reply comes a failure.</summary>
    LosesReply,

    /// <summary>The reply fits no request: it tells of no limit.</summary>
    Garbles,
}

/// <summary>One edge's way to the buckets, with the failures that a way can have. Thread-safe.</summary>
internal sealed class FaultyBuckets(IBuckets buckets) : IBuckets
{
    private int _calls;
    private TaskCompletionSource? _gate;
    private TaskCompletionSource _arrived = NewSignal();

    /// <summary>Chosen anew for each request; null: <see cref="Fault"/> holds.</summary>
    public Func<ReserveRequest, Fault>? Choose { get; set; }

    public Fault Fault { get; set; }

    /// <summary>The tenant whose bucket is damaged, whatever else holds.</summary>
    public TenantId? Damaged { get; set; }

    /// <summary>Reserves sent so far, whatever became of them.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public ReserveRequest? Last { get; private set; }

    /// <summary>From now on requests wait, before they arrive, for <see cref="Release"/>.</summary>
    public void Hold()
    {
        _arrived = NewSignal();
        Volatile.Write(ref _gate, NewSignal());
    }

    /// <summary>Completes when a request waits.</summary>
    public Task Arrived => _arrived.Task;

    public void Release() => Interlocked.Exchange(ref _gate, null)?.SetResult();

    public async ValueTask<ReserveReply> ReserveAsync(
        BucketId bucket, ReserveRequest request, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _calls);
        Last = request;
        var fault = Damaged == bucket.Tenant ? Fault.IsDamaged : Choose?.Invoke(request) ?? Fault;
        if (Volatile.Read(ref _gate) is { } gate)
        {
            _arrived.TrySetResult();
            await gate.Task;
        }
        if (fault == Fault.Fails) throw new BucketsUnavailableException("Out of reach.");
        if (fault == Fault.IsDamaged) throw new BucketFailedException("It cannot be read.");
        if (fault == Fault.IsSilent) await NewSignal().Task;
        var reply = await buckets.ReserveAsync(bucket, request, cancellation);
        return fault switch
        {
            Fault.LosesReply => throw new BucketsUnavailableException("The reply was lost."),
            Fault.Garbles => reply with { Limits = [] },
            _ => reply,
        };
    }

    public async ValueTask<ChargeOutcome> ChargeAsync(
        BucketId bucket, ChargeRequest request, CancellationToken cancellation)
    {
        if (Fault == Fault.Fails) throw new BucketsUnavailableException("Out of reach.");
        if (Fault == Fault.IsSilent) await NewSignal().Task;
        var outcome = await buckets.ChargeAsync(bucket, request, cancellation);
        return Fault == Fault.LosesReply ? throw new BucketsUnavailableException("The reply was lost.") : outcome;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
