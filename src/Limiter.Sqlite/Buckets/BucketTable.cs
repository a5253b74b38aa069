using System.Buffers.Binary;
using System.Security.Cryptography;
using Limiter.Domain.Buckets;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Buckets;

/// <summary>The rows of the buckets, saved by compare-and-swap of their versions.</summary>
internal sealed class BucketTable
{
    private const string SelectOne = "SELECT id, version, state FROM buckets WHERE bucket = ?1";
    private const string Insert =
        "INSERT INTO buckets (bucket, version, state) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    private const string Update = "UPDATE buckets SET version = ?2, state = ?3 WHERE id = ?1 AND version = ?4";
    private const string DeleteOne = "DELETE FROM buckets WHERE id = ?1 AND version = ?2";
    private const string SelectPage =
        "SELECT id, version, bucket, state FROM buckets WHERE id > ?1 ORDER BY id LIMIT ?2";

    // Versions need not be ordered, only never be used twice for a row, not even for a row that was deleted and made
    // again, by any process: they count up from a random place.
    private long _lastVersion = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) >>> 2;

    /// <exception cref="FormatException">The row's state is damaged, or of a newer format.</exception>
    public static StoredBucket Load(Database database, BucketId bucket)
    {
        using var run = database.Start(SelectOne).Bind(1, bucket.Encode());
        if (!run.Step()) return StoredBucket.None;
        return new StoredBucket(run.Int64(0), run.Int64(1), Decode(bucket, run.Blob(2)));
    }

    /// <summary>Saves over <paramref name="stored"/>.</summary>
    /// <exception cref="ConflictException">The row is not as it was loaded.</exception>
    public StoredBucket Save(
        Database database, BucketId bucket, StoredBucket stored, BucketState state, ReadOnlySpan<byte> bytes)
    {
        var version = ++_lastVersion;
        if (stored.Id == 0)
        {
            using var insert = database.Start(Insert).Bind(1, bucket.Encode()).Bind(2, version).Bind(3, bytes);
            if (insert.Run() != 1) throw new ConflictException();
            return new StoredBucket(database.LastInsertedId, version, state);
        }
        using var update =
            database.Start(Update).Bind(1, stored.Id).Bind(2, version).Bind(3, bytes).Bind(4, stored.Version);
        if (update.Run() != 1) throw new ConflictException();
        return new StoredBucket(stored.Id, version, state);
    }

    /// <summary>False when the row changed since.</summary>
    public static bool Delete(Database database, long id, long version)
    {
        using var run = database.Start(DeleteOne).Bind(1, id).Bind(2, version);
        return run.Run() == 1;
    }

    /// <summary>The rows after one, in the order of their ids.</summary>
    public static List<BucketRow> Page(Database database, long after, int take)
    {
        using var run = database.Start(SelectPage).Bind(1, after).Bind(2, take);
        var rows = new List<BucketRow>();
        while (run.Step()) rows.Add(new BucketRow(run.Int64(0), run.Int64(1), run.Text(2), run.Blob(3).ToArray()));
        return rows;
    }

    /// <exception cref="FormatException">They are damaged, or of a newer format.</exception>
    public static BucketState Decode(BucketId bucket, ReadOnlySpan<byte> state)
    {
        try
        {
            return BucketCodec.Decode(state);
        }
        catch (Exception exception)
        {
            // Damaged bytes may also make values that the domain's own checks refuse.
            throw new FormatException($"the bucket {bucket.Encode()} cannot be read: {exception.Message}", exception);
        }
    }
}

/// <summary>A row as it is, its state not decoded.</summary>
internal sealed record BucketRow(long Id, long Version, string Bucket, byte[] State);
