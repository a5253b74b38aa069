using System.Security.Cryptography;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Engine.Ports;
using Microsoft.DurableTask.Entities;

namespace Limiter.Functions.Entities;

/// <summary>
/// The buckets as durable entities. An entity can be signalled and its saved state read, but not called: a request is a
/// signal, and its answer is read from the state in steps that grow, for a bounded time.
/// </summary>
/// <param name="clients">The way to the entities.</param>
/// <param name="clock">The buckets' clock.</param>
/// <param name="waitClock">The time of waiting for an answer.</param>
public sealed partial class DurableBuckets(EntityClients clients, TimeProvider clock, TimeProvider waitClock)
    : IBuckets, IDayCharges
{
    /// <summary>Longest wait for an answer. Who asks has given up by then.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);

    /// <summary>The first step; most answers are there after two or three.</summary>
    private static readonly TimeSpan StepMin = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan StepMax = TimeSpan.FromMilliseconds(200);

    public async ValueTask<ReserveReply> ReserveAsync(
        BucketId bucket, ReserveRequest request, CancellationToken cancellation)
    {
        var entity = IdOf(bucket);
        await SignalAsync(entity, nameof(BucketEntity.Reserve), RequestCodec.Encode(request), cancellation)
            .ConfigureAwait(false);
        return await ReadAsync(entity, state => state is null ? null : StoredReply.Find(state, request), cancellation)
            .ConfigureAwait(false) ?? throw Unanswered(bucket);
    }

    public async ValueTask<ChargeOutcome> ChargeAsync(
        BucketId bucket, ChargeRequest request, CancellationToken cancellation)
    {
        var entity = IdOf(bucket);
        var call = new ChargeCall(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))), request);
        await SignalAsync(entity, nameof(BucketEntity.Charge), call.Encode(), cancellation).ConfigureAwait(false);
        var answer = await ReadAsync(
            entity, state => state is null ? null : Box(StoredReply.Find(state, call.Id)), cancellation)
            .ConfigureAwait(false) ?? throw Unanswered(bucket);
        return answer.Value;
    }

    public async ValueTask<long?> CloseDayAsync(BucketId bucket, Instant day, CancellationToken cancellation)
    {
        // An entity does not close a day that goes on, and nobody need wait for that.
        if (Instant.From(clock.GetUtcNow()) < day + TimeSpan.MillisecondsPerDay) return null;
        var entity = IdOf(bucket);
        var number = day.UnixMilliseconds / TimeSpan.MillisecondsPerDay;
        var known = await GetAsync(entity, cancellation).ConfigureAwait(false);
        if (known?.Bucket is null) return null;
        CheckReadable(bucket, known.Bucket);
        if (known.ClosedDay is not { } closed || closed < number)
        {
            await SignalAsync(entity, nameof(BucketEntity.CloseDay), number, cancellation).ConfigureAwait(false);
            known = await ReadAsync(entity, state => state?.ClosedDay >= number ? state : null, cancellation)
                .ConfigureAwait(false) ?? throw Unanswered(bucket);
        }
        return known.ClosedDay == number ? known.Charged : null;
    }

    // Its entity could not close the day either, and nobody would hear of it.
    private static void CheckReadable(BucketId bucket, byte[] state)
    {
        try
        {
            BucketCodec.Decode(state);
        }
        catch (BucketFormatException damage)
        {
            throw new BucketFailedException($"The state of bucket {bucket} cannot be read.", damage);
        }
    }

    // The key of an IPv6 bucket ends in /64, and some stores take no slash; no name has a tilde.
    private static EntityInstanceId IdOf(BucketId bucket) =>
        new(BucketEntity.EntityName, bucket.Encode().Replace('/', '~'));

    private static BucketsUnavailableException Unanswered(BucketId bucket) =>
        new($"Bucket {bucket} did not answer within {WaitMax.TotalMilliseconds:0} ms.");

    private static Boxed<T>? Box<T>(T? value)
        where T : struct => value is { } there ? new Boxed<T>(there) : null;

    private async Task SignalAsync(
        EntityInstanceId entity, string operation, object? input, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            await clients.Current.SignalEntityAsync(entity, operation, input, cancellation: cancellation)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or BucketsUnavailableException))
        {
            throw new BucketsUnavailableException("The entities cannot be signalled.", e);
        }
    }

    /// <summary>Reads an entity until its state answers; null when it did not in time.</summary>
    private async Task<T?> ReadAsync<T>(
        EntityInstanceId entity, Func<BucketEntityState?, T?> find, CancellationToken cancellation)
        where T : class
    {
        var started = waitClock.GetTimestamp();
        for (var step = StepMin; ; step = step * 1.5 < StepMax ? step * 1.5 : StepMax)
        {
            await Task.Delay(step, waitClock, cancellation).ConfigureAwait(false);
            var state = await GetAsync(entity, cancellation).ConfigureAwait(false);
            try
            {
                if (find(state) is { } found) return found;
            }
            catch (BucketFormatException e)
            {
                throw new BucketsUnavailableException($"The state of {entity} cannot be read.", e);
            }
            if (waitClock.GetElapsedTime(started) >= WaitMax) return null;
        }
    }

    private async Task<BucketEntityState?> GetAsync(EntityInstanceId entity, CancellationToken cancellation)
    {
        try
        {
            var found = await clients.Current.GetEntityAsync<BucketEntityState>(entity, true, cancellation)
                .ConfigureAwait(false);
            if (found is not { IncludesState: true }) return null;
            return found.State.V <= BucketEntityState.Format ? found.State : throw new BucketFailedException(
                $"A newer version stored {entity}: format {found.State.V}, this one reads {BucketEntityState.Format}.");
        }
        catch (Exception e) when (e is not (OperationCanceledException or BucketsUnavailableException))
        {
            throw new BucketsUnavailableException("The entities cannot be read.", e);
        }
    }

    private sealed record Boxed<T>(T Value);
}
