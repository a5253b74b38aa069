using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Sqlite.Writing;

namespace Limiter.Sqlite.Buckets;

/// <summary>A request to one bucket, on its way through the writer.</summary>
internal abstract class BucketWork(BucketId bucket) : Work
{
    public BucketId Bucket { get; } = bucket;

    /// <summary>Decides on the state and keeps the reply until <see cref="Complete"/>; perhaps several times.</summary>
    public abstract BucketState? Decide(BucketState? state, Instant now);

    /// <summary>What it changed is durable: the reply leaves.</summary>
    public abstract void Complete();
}

/// <inheritdoc cref="BucketWork"/>
internal sealed class BucketWork<TRequest, TReply>(
    BucketId bucket,
    TRequest request,
    Func<BucketState?, TRequest, Instant, (TReply Reply, BucketState Next)> decide,
    CancellationToken cancellation) : BucketWork(bucket)
{
    // The caller goes on elsewhere: the writer's thread has more to do.
    private readonly TaskCompletionSource<TReply> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TReply _reply = default!;

    public Task<TReply> Done => _done.Task;

    public override bool IsAbandoned => cancellation.IsCancellationRequested;

    public override BucketState? Decide(BucketState? state, Instant now)
    {
        (_reply, var next) = decide(state, request, now);
        return next;
    }

    public override void Complete() => _done.TrySetResult(_reply);

    public override void Fail(Exception exception)
    {
        _done.TrySetException(exception);
        // Its caller may have gone: then nobody looks at the exception, and that is no news.
        _ = _done.Task.Exception;
    }
}
