using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Buckets;

/// <summary>
/// The last day that was told of each bucket, kept in the bucket's row: tokens that come back later do not change it,
/// and it goes with the bucket.
/// </summary>
internal static class DayTable
{
    private const string SelectOne = "SELECT closed_day, charged, state FROM buckets WHERE bucket = ?1";
    private const string Update = "UPDATE buckets SET closed_day = ?2, charged = ?3 WHERE bucket = ?1";

    /// <summary>What is known of a day, and whether that stays as it is.</summary>
    /// <exception cref="FormatException">The row's state is damaged, or of a newer format.</exception>
    public static (long? Charged, bool Stays) Find(Database database, BucketId bucket, Instant day, Instant now)
    {
        using var run = database.Start(SelectOne).Bind(1, bucket.Encode());
        if (!run.Step()) return (null, true);
        if (!run.IsNull(0) && run.Int64(0) >= day.UnixMilliseconds)
            return (run.Int64(0) == day.UnixMilliseconds ? run.Int64(1) : null, true);
        var charged = Bucket.CloseDay(BucketTable.Decode(bucket, run.Blob(2)), day, now);
        return (charged, charged is null);
    }

    /// <summary>Finds it and makes it stay.</summary>
    /// <inheritdoc cref="Find"/>
    public static long? Close(Database database, BucketId bucket, Instant day, Instant now)
    {
        var (charged, stays) = Find(database, bucket, day, now);
        if (stays) return charged;
        using var run = database.Start(Update).Bind(1, bucket.Encode()).Bind(2, day.UnixMilliseconds).Bind(3, charged);
        run.Run();
        Facts.SaveTime(database, now);
        return charged;
    }
}
