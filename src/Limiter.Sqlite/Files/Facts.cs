using Limiter.Domain;

namespace Limiter.Sqlite.Files;

/// <summary>Single values of the store, each with a number and bytes.</summary>
internal static class Facts
{
    public const string TenantVersion = "tenant_version";
    public const string PolicyGeneration = "policy_generation";
    public const string SigningKey = "signing_key";
    public const string LateVersion = "late_version";
    public const string ChangeNumber = "change_number";
    public const string AlertRulesVersion = "alert_rules_version";
    public const string SummarisedUntil = "summarised_until";
    private const string Time = "time";

    private const string Select = "SELECT number, bytes FROM facts WHERE name = ?1";
    private const string Upsert = """
        INSERT INTO facts (name, number, bytes) VALUES (?1, ?2, ?3)
        ON CONFLICT (name) DO UPDATE SET number = excluded.number, bytes = excluded.bytes
        """;
    private const string Raise = """
        INSERT INTO facts (name, number, bytes) VALUES (?1, ?2, x'')
        ON CONFLICT (name) DO UPDATE SET number = excluded.number WHERE number < excluded.number
        """;

    /// <summary>Number 0 and no bytes when the fact was never saved.</summary>
    public static (long Number, byte[] Bytes) Read(Database database, string name)
    {
        using var run = database.Start(Select).Bind(1, name);
        return run.Step() ? (run.Int64(0), run.Blob(1).ToArray()) : (0, []);
    }

    public static void Save(Database database, string name, long number, ReadOnlySpan<byte> bytes)
    {
        using var run = database.Start(Upsert).Bind(1, name).Bind(2, number).Bind(3, bytes);
        run.Run();
    }

    /// <summary>The latest time that was stored; null in a new store.</summary>
    public static Instant? ReadTime(Database database)
    {
        var (number, _) = Read(database, Time);
        return number == 0 ? null : new Instant(number);
    }

    public static void SaveTime(Database database, Instant now) => RaiseTo(database, Time, now.UnixMilliseconds);

    /// <summary>Raises a number, never lowers it.</summary>
    public static void RaiseTo(Database database, string name, long number)
    {
        using var run = database.Start(Raise).Bind(1, name).Bind(2, number);
        run.Run();
    }
}
