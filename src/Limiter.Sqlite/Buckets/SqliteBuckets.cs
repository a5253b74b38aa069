using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;
using Limiter.Sqlite.Reading;
using Limiter.Sqlite.Writing;
using Microsoft.Extensions.Logging;

namespace Limiter.Sqlite.Buckets;

/// <summary>The buckets in the store's file. See <see cref="SqliteStore.Buckets"/>.</summary>
public sealed class SqliteBuckets : IBuckets, IBucketSweeper, IDayCharges
{
    private readonly Writer _writer;
    private readonly ReadPool _readers;
    private readonly BucketCache _cache;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _file;
    private long _swept;

    internal SqliteBuckets(
        Writer writer, ReadPool readers, BucketCache cache, TimeProvider clock, string file, ILogger logger)
    {
        _writer = writer;
        _readers = readers;
        _cache = cache;
        _clock = clock;
        _file = file;
        _logger = logger;
    }

    public async ValueTask<ReserveReply> ReserveAsync(
        BucketId bucket, ReserveRequest request, CancellationToken cancellation)
    {
        var work = new BucketWork<ReserveRequest, ReserveReply>(bucket, request, Bucket.Reserve, cancellation);
        return await DecideAsync(work, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<ChargeOutcome> ChargeAsync(
        BucketId bucket, ChargeRequest request, CancellationToken cancellation)
    {
        var work = new BucketWork<ChargeRequest, ChargeOutcome>(bucket, request, Bucket.Charge, cancellation);
        return await DecideAsync(work, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<SweepResult> SweepAsync(int take, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, IBucketSweeper.TakeMax);
        try
        {
            var rows = await _readers
                .ReadAsync(database => BucketTable.Page(database, _swept, take), cancellation)
                .ConfigureAwait(false);
            var now = Now();
            var atRest = rows.FindAll(row => IsAtRest(row, now));
            var deleted = await _writer
                .ChangeAsync(database => Delete(database, atRest, now), cancellation)
                .ConfigureAwait(false);
            var ended = rows.Count < take;
            _swept = ended ? 0 : rows[^1].Id;
            return new SweepResult(rows.Count, deleted, ended);
        }
        catch (Exception exception) when (Failure.IsOfData(exception))
        {
            throw Unavailable(exception);
        }
    }

    public async ValueTask<long?> CloseDayAsync(BucketId bucket, Instant day, CancellationToken cancellation)
    {
        try
        {
            var (charged, stays) = await _readers
                .ReadAsync(database => DayTable.Find(database, bucket, day, Now()), cancellation)
                .ConfigureAwait(false);
            if (stays) return charged;
            return await _writer
                .ChangeAsync(database => DayTable.Close(database, bucket, day, Now()), cancellation)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (Failure.IsOfData(exception))
        {
            throw Failed(exception);
        }
    }

    private int Delete(Database database, List<BucketRow> rows, Instant now)
    {
        // The row's version answers for it: a bucket that was used since it was read is not deleted. What memory
        // keeps of a deleted one finds no row to save over, and is then read again.
        _cache.DropIdle(now);
        return rows.Count(row => BucketTable.Delete(database, row.Id, row.Version));
    }

    private bool IsAtRest(BucketRow row, Instant now)
    {
        try
        {
            return Bucket.IsAtRest(BucketCodec.Decode(row.State), now);
        }
        catch (Exception exception)
        {
            // Of a newer format, or damaged: not this sweep's to judge.
            Log.BucketFailed(_logger, row.Bucket, exception);
            return false;
        }
    }

    private async Task<TReply> DecideAsync<TRequest, TReply>(
        BucketWork<TRequest, TReply> work, CancellationToken cancellation)
    {
        try
        {
            _writer.Post(work);
            return await work.Done.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (Failure.IsOfData(exception))
        {
            throw Failed(exception);
        }
    }

    /// <summary>Tells trouble with one bucket from trouble with the store.</summary>
    private BucketsUnavailableException Failed(Exception exception) => exception is FormatException
        ? new BucketFailedException(Failure.Describe(_file, exception), exception)
        : Unavailable(exception);

    private BucketsUnavailableException Unavailable(Exception exception) =>
        new(Failure.Describe(_file, exception), exception);

    private Instant Now() => Instant.From(_clock.GetUtcNow());
}
