using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Usage;

/// <summary>The hours with rows that were saved late.</summary>
internal static class LateTable
{
    private const string Upsert = """
        INSERT INTO usage_late (hour, tenant, version) VALUES (?1, ?2, ?3)
        ON CONFLICT (hour, tenant) DO UPDATE SET version = excluded.version
        """;
    private const string SelectSome =
        "SELECT hour, tenant, version FROM usage_late ORDER BY hour, tenant LIMIT ?1";
    private const string DeleteOne = "DELETE FROM usage_late WHERE hour = ?1 AND tenant = ?2 AND version = ?3";

    /// <summary>Notes the hours of those rows that come too late at this time.</summary>
    public static void Note(Database database, IReadOnlyList<UsageRow> rows, Instant now)
    {
        var late = new HashSet<(TenantId Tenant, Instant Hour)>();
        foreach (var row in rows)
        {
            var hour = UsagePeriod.Of(UsageGrain.Hour, row.Minute);
            if (now - hour.End >= IUsageStore.LateMs) late.Add((row.Tenant, hour.Start));
        }
        if (late.Count == 0) return;
        // Counted over all hours, so that one that was forgotten and noted again has no version that was listed.
        var version = Facts.Read(database, Facts.LateVersion).Number + 1;
        foreach (var (tenant, hour) in late)
        {
            using var run =
                database.Start(Upsert).Bind(1, hour.UnixMilliseconds).Bind(2, tenant.Text).Bind(3, version);
            run.Run();
        }
        Facts.Save(database, Facts.LateVersion, version, []);
    }

    public static List<LateUsage> List(Database database, int take)
    {
        using var run = database.Start(SelectSome).Bind(1, take);
        var late = new List<LateUsage>();
        while (run.Step())
        {
            var name = run.Text(1);
            if (!TenantId.TryParse(name, out var tenant) && name.Length > 0)
                throw new FormatException($"the late usage of the tenant {name} has no valid name");
            late.Add(new LateUsage(
                tenant, new Instant(run.Int64(0)), run.Int64(2).ToString(CultureInfo.InvariantCulture)));
        }
        return late;
    }

    /// <summary>False when it is not of the version any more.</summary>
    public static bool Forget(Database database, TenantId tenant, Instant hour, long version)
    {
        using var run =
            database.Start(DeleteOne).Bind(1, hour.UnixMilliseconds).Bind(2, tenant.Text).Bind(3, version);
        return run.Run() == 1;
    }
}
