using System.Runtime.InteropServices;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Sqlite.Files;
using Limiter.Sqlite.Writing;
using Microsoft.Extensions.Logging;

namespace Limiter.Sqlite.Buckets;

/// <summary>
/// Decides many requests and saves the buckets that they changed in one transaction; only then do the replies leave.
/// Requests to one bucket are decided one after the other, in the order in which they came, and saved once. The
/// writer's thread only.
/// </summary>
internal sealed class BucketBatch(BucketCache cache, TimeProvider clock, ILogger logger)
{
    /// <summary>Most buckets whose failure is remembered as told; then all may be told again.</summary>
    private const int ReportedMax = 1_000;

    private readonly BucketTable _table = new();
    private readonly HashSet<BucketId> _reported = [];
    private readonly Dictionary<BucketId, Slot> _slots = [];
    private Database? _lastDatabase;
    private long _lastDataVersion;

    /// <summary>Completes or fails every request.</summary>
    public void Run(WriterSession session, List<BucketWork> requests)
    {
        Instant now = default;
        try
        {
            session.Commit((database, tried) =>
            {
                now = Instant.From(clock.GetUtcNow());
                Forget(database, tried);
                foreach (var request in requests) Decide(database, request, now);
                Save(database, now);
            });
        }
        catch (Exception exception)
        {
            // The commit may have taken effect or not: memory knows nothing of it any more.
            cache.Clear();
            foreach (var request in requests) request.Fail(exception);
            return;
        }
        foreach (var (bucket, slot) in _slots)
            if (slot.Failure is null && slot.Stored.Id != 0) cache.Keep(bucket, slot.Stored, now);
        cache.DropIdle(now);
        foreach (var request in requests) Answer(request);
        _slots.Clear();
    }

    /// <summary>
    /// Forgets what an earlier try decided, and every bucket when another process may have changed one.
    /// </summary>
    private void Forget(Database database, int tried)
    {
        _slots.Clear();
        // Changes whenever another connection has committed, never for this connection's own commits.
        var dataVersion = database.Number("PRAGMA data_version");
        if (tried > 1 || dataVersion != _lastDataVersion || !ReferenceEquals(database, _lastDatabase)) cache.Clear();
        (_lastDatabase, _lastDataVersion) = (database, dataVersion);
    }

    private void Decide(Database database, BucketWork request, Instant now)
    {
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, request.Bucket, out _);
        slot ??= Load(database, request.Bucket);
        if (slot.Failure is not null) return;
        try
        {
            slot.Next = request.Decide(slot.Next, now);
        }
        catch (Exception exception)
        {
            // One bucket's trouble is not the others': its requests fail and its row stays as it is.
            Fail(slot, request.Bucket, exception);
        }
    }

    private Slot Load(Database database, BucketId bucket)
    {
        if (cache.Find(bucket) is { } cached) return new Slot(cached);
        try
        {
            return new Slot(BucketTable.Load(database, bucket));
        }
        catch (FormatException exception)
        {
            var slot = new Slot(StoredBucket.None);
            Fail(slot, bucket, exception);
            return slot;
        }
    }

    private void Save(Database database, Instant now)
    {
        var saved = false;
        foreach (var (bucket, slot) in _slots)
        {
            if (slot.Failure is not null || slot.Next is not { } next || ReferenceEquals(next, slot.Stored.State))
                continue;
            byte[] bytes;
            try
            {
                bytes = BucketCodec.Encode(next);
            }
            catch (Exception exception)
            {
                Fail(slot, bucket, exception);
                continue;
            }
            slot.Stored = _table.Save(database, bucket, slot.Stored, next, bytes);
            saved = true;
        }
        if (saved) Facts.SaveTime(database, now);
    }

    private void Fail(Slot slot, BucketId bucket, Exception exception)
    {
        slot.Failure = exception;
        // Once a bucket, not once a request.
        if (_reported.Count >= ReportedMax) _reported.Clear();
        if (_reported.Add(bucket)) Log.BucketFailed(logger, bucket.Encode(), exception);
    }

    private void Answer(BucketWork request)
    {
        if (_slots[request.Bucket].Failure is { } failure) request.Fail(failure);
        else request.Complete();
    }

    /// <summary>One bucket of the batch.</summary>
    private sealed class Slot(StoredBucket stored)
    {
        /// <summary>The row, as loaded and then as saved.</summary>
        public StoredBucket Stored { get; set; } = stored;

        /// <summary>The state after the requests decided so far.</summary>
        public BucketState? Next { get; set; } = stored.State;

        /// <summary>Why none of this bucket's requests is answered.</summary>
        public Exception? Failure { get; set; }
    }
}
