using System.Collections.Concurrent;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Engine.Ports;

namespace Limiter.Engine.InMemory;

/// <summary>
/// Buckets in this process's memory: as durable as the process. One bucket's requests wait for each other, those of
/// different buckets do not.
/// </summary>
/// <param name="clock">The buckets' clock.</param>
/// <param name="bucketsMax">Most buckets held; a further one is refused unless some are at rest. At least 1.</param>
public sealed class InMemoryBuckets(TimeProvider clock, int bucketsMax = InMemoryBuckets.DefaultBucketsMax)
    : IBuckets, IBucketSweeper, IDayCharges
{
    public const int DefaultBucketsMax = 1_000_000;

    /// <summary>Buckets looked at, when there is no room, before a further one is refused.</summary>
    private const int SweptWhenFull = 64;

    private readonly ConcurrentDictionary<BucketId, Cell> _cells = [];
    private readonly Lock _sweeping = new();
    private IEnumerator<KeyValuePair<BucketId, Cell>>? _cursor;
    private int _count;

    /// <summary>Buckets held now.</summary>
    public int Count => Volatile.Read(ref _count);

    public ValueTask<ReserveReply> ReserveAsync(
        BucketId bucket, ReserveRequest request, CancellationToken cancellation) =>
        Decide(bucket, request, Bucket.Reserve, cancellation);

    public ValueTask<ChargeOutcome> ChargeAsync(
        BucketId bucket, ChargeRequest request, CancellationToken cancellation) =>
        Decide(bucket, request, Bucket.Charge, cancellation);

    public ValueTask<SweepResult> SweepAsync(int take, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested
            ? ValueTask.FromCanceled<SweepResult>(cancellation)
            : ValueTask.FromResult(Sweep(take));

    /// <inheritdoc cref="SweepAsync"/>
    public SweepResult Sweep(int take)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, IBucketSweeper.TakeMax);
        lock (_sweeping)
        {
            var (seen, deleted) = (0, 0);
            _cursor ??= _cells.GetEnumerator();
            for (; seen < take; seen++)
            {
                if (!_cursor.MoveNext())
                {
                    _cursor.Dispose();
                    _cursor = null;
                    return new SweepResult(seen, deleted, Ended: true);
                }
                if (TryDelete(_cursor.Current.Key, _cursor.Current.Value)) deleted++;
            }
            return new SweepResult(seen, deleted, Ended: false);
        }
    }

    public ValueTask<long?> CloseDayAsync(BucketId bucket, Instant day, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled<long?>(cancellation);
        if (!_cells.TryGetValue(bucket, out var cell)) return ValueTask.FromResult<long?>(null);
        lock (cell.Gate) return ValueTask.FromResult(Close(cell, day));
    }

    private ValueTask<TReply> Decide<TRequest, TReply>(
        BucketId bucket,
        TRequest request,
        Func<BucketState?, TRequest, Instant, (TReply Reply, BucketState Next)> decide,
        CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled<TReply>(cancellation);
        while (true)
        {
            var cell = Find(bucket);
            lock (cell.Gate)
            {
                // A sweep took the cell out of the dictionary after it was found: its successor counts.
                if (cell.Deleted) continue;
                var (reply, next) = decide(cell.State, request, Now());
                cell.State = next;
                return ValueTask.FromResult(reply);
            }
        }
    }

    private long? Close(Cell cell, Instant day)
    {
        if (cell.Deleted || cell.State is not { } state) return null;
        if (cell.Told is { } told && told.Day >= day) return told.Day == day ? told.Charged : null;
        if (Bucket.CloseDay(state, day, Now()) is not { } charged) return null;
        cell.Told = (day, charged);
        return charged;
    }

    private Cell Find(BucketId bucket)
    {
        if (_cells.TryGetValue(bucket, out var cell)) return cell;
        if (Count >= bucketsMax && Sweep(SweptWhenFull).Deleted == 0)
            throw new BucketsUnavailableException($"{bucketsMax} buckets are held already and none is at rest.");
        var added = new Cell();
        cell = _cells.GetOrAdd(bucket, added);
        if (ReferenceEquals(cell, added)) Interlocked.Increment(ref _count);
        return cell;
    }

    private bool TryDelete(BucketId bucket, Cell cell)
    {
        lock (cell.Gate)
        {
            if (cell.Deleted || (cell.State is { } state && !Bucket.IsAtRest(state, Now()))) return false;
            cell.Deleted = true;
            _cells.TryRemove(new KeyValuePair<BucketId, Cell>(bucket, cell));
        }
        Interlocked.Decrement(ref _count);
        return true;
    }

    private Instant Now() => Instant.From(clock.GetUtcNow());

    private sealed class Cell
    {
        public Lock Gate { get; } = new();

        /// <summary>Null until the first decision.</summary>
        public BucketState? State { get; set; }

        /// <summary>The last day that was told: what comes back later does not change it.</summary>
        public (Instant Day, long Charged)? Told { get; set; }

        /// <summary>Out of the dictionary for good.</summary>
        public bool Deleted { get; set; }
    }
}
