using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Engine.Ports;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace Limiter.Functions.Entities;

// Deletes the entities of buckets at rest.
public sealed partial class DurableBuckets : IBucketSweeper
{
    /// <summary>
    /// A bucket that was asked today still knows it tomorrow, so one that changed later than this is not at rest.
    /// </summary>
    private static readonly TimeSpan Untouched = TimeSpan.FromDays(1);

    /// <summary>Entities that are asked to retire at once: checks come first.</summary>
    private const int RetiringMax = 32;

    // Where the next sweep goes on; null at the first entity.
    private string? _cursor;

    public async ValueTask<SweepResult> SweepAsync(int take, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, IBucketSweeper.TakeMax);
        var (seen, resting) = await LookAsync(take, cancellation).ConfigureAwait(false);
        var deleted = 0;
        var several = new ParallelOptions { MaxDegreeOfParallelism = RetiringMax, CancellationToken = cancellation };
        await Parallel.ForEachAsync(resting, several, async (entity, stop) =>
        {
            await SignalAsync(entity, nameof(BucketEntity.Retire), null, stop).ConfigureAwait(false);
            if (await ReadAsync(entity, state => state?.Bucket is null ? entity.Key : null, stop).ConfigureAwait(false)
                is not null) Interlocked.Increment(ref deleted);
        }).ConfigureAwait(false);
        return new SweepResult(seen, deleted, Ended: _cursor is null);
    }

    /// <summary>Removes what deleted entities leave behind in the store.</summary>
    /// <exception cref="BucketsUnavailableException">The entities cannot be reached.</exception>
    public async Task CleanAsync(CancellationToken cancellation)
    {
        try
        {
            await clients.Current.CleanEntityStorageAsync(cancellation: cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or BucketsUnavailableException))
        {
            throw new BucketsUnavailableException("The entities cannot be cleaned.", e);
        }
    }

    private async Task<(int Seen, List<EntityInstanceId> Resting)> LookAsync(int take, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var query = new EntityQuery
        {
            InstanceIdStartsWith = $"@{BucketEntity.EntityName}@",
            LastModifiedTo = now - Untouched,
            PageSize = take,
            ContinuationToken = _cursor,
        };
        try
        {
            var pages = clients.Current.GetAllEntitiesAsync<BucketEntityState>(query).AsPages(_cursor, take);
            await foreach (var page in pages.WithCancellation(cancellation).ConfigureAwait(false))
            {
                _cursor = string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken;
                return (page.Values.Count,
                    [.. page.Values.Where(one => IsAtRest(one, Instant.From(now))).Select(one => one.Id)]);
            }
            _cursor = null;
            return (0, []);
        }
        catch (Exception e) when (e is not (OperationCanceledException or BucketsUnavailableException))
        {
            // A token that the store does not know any more must not stop every sweep to come.
            _cursor = null;
            throw new BucketsUnavailableException("The entities cannot be listed.", e);
        }
    }

    // What cannot be read is left alone.
    private static bool IsAtRest(EntityMetadata<BucketEntityState> entity, Instant now)
    {
        if (!entity.IncludesState) return false;
        if (entity.State is not { V: <= BucketEntityState.Format, Bucket: { } bytes }) return false;
        try
        {
            return Bucket.IsAtRest(BucketCodec.Decode(bytes), now);
        }
        catch (BucketFormatException)
        {
            return false;
        }
    }
}
