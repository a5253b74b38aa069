using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Usage;

/// <summary>Up to which time each grain was summed up.</summary>
internal static class ProgressTable
{
    private const string SelectOne = "SELECT until FROM usage_progress WHERE grain = ?1";
    private const string Raise = """
        INSERT INTO usage_progress (grain, until) VALUES (?1, ?2)
        ON CONFLICT (grain) DO UPDATE SET until = excluded.until WHERE until < excluded.until
        """;

    public static Instant? Find(Database database, UsageGrain grain)
    {
        using var run = database.Start(SelectOne).Bind(1, (long)grain);
        return run.Step() ? new Instant(run.Int64(0)) : null;
    }

    /// <summary>False when it was there already, or further.</summary>
    public static bool Save(Database database, UsageGrain grain, Instant until)
    {
        using var run = database.Start(Raise).Bind(1, (long)grain).Bind(2, until.UnixMilliseconds);
        return run.Run() == 1;
    }
}
