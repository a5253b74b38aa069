using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Tenants;

/// <summary>The rows that tell who changed what of a tenant; only so many of each, and only for so long.</summary>
internal static class ChangeTable
{
    /// <summary>Outdated rows that one addition deletes: more than it adds, so that they cannot pile up.</summary>
    private const int OutdatedAtOnce = 100;

    private const string Columns = "tenant, number, what, subject, at, by, actor, before, after, reason";
    private const string SelectPage = $"""
        SELECT {Columns} FROM changes WHERE tenant = ?1 AND number < ?2 AND at >= ?3 ORDER BY number DESC LIMIT ?4
        """;
    private const string Insert =
        $"INSERT INTO changes ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    private const string DeleteBeyond = """
        DELETE FROM changes WHERE tenant = ?1 AND number <=
            (SELECT number FROM changes WHERE tenant = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)
        """;
    private const string DeleteOutdated = """
        DELETE FROM changes WHERE (tenant, number) IN
            (SELECT tenant, number FROM changes WHERE at < ?1 ORDER BY at LIMIT ?2)
        """;

    public static List<ChangeRecord> Page(Database database, TenantId tenant, long? before, Instant since, int take)
    {
        using var run = database.Start(SelectPage).Bind(1, tenant.Text).Bind(2, before ?? long.MaxValue)
            .Bind(3, since.UnixMilliseconds).Bind(4, take);
        var changes = new List<ChangeRecord>();
        while (run.Step()) changes.Add(Read(run, tenant));
        return changes;
    }

    public static void Add(Database database, ChangeRecord? change)
    {
        if (change is null) return;
        var number = Facts.Read(database, Facts.ChangeNumber).Number + 1;
        Facts.Save(database, Facts.ChangeNumber, number, []);
        using (var run = database.Start(Insert))
            run.Bind(1, change.Tenant.Text).Bind(2, number).Bind(3, (long)change.What).Bind(4, change.Subject)
                .Bind(5, change.At.UnixMilliseconds).Bind(6, change.By).Bind(7, change.Actor)
                .Bind(8, change.Before).Bind(9, change.After).Bind(10, change.Reason).Run();
        using (var run = database.Start(DeleteBeyond))
            run.Bind(1, change.Tenant.Text).Bind(2, ChangeRecord.KeptMax).Run();
        using (var run = database.Start(DeleteOutdated))
            run.Bind(1, change.At.UnixMilliseconds - ChangeRecord.KeptMs).Bind(2, OutdatedAtOnce).Run();
    }

    private static ChangeRecord Read(Execution row, TenantId tenant) => new(
        tenant, (ChangeKind)row.Int64(2), row.Text(3), new Instant(row.Int64(4)), row.Text(5), row.Text(6))
    {
        Number = row.Int64(1),
        Before = row.IsNull(7) ? null : row.Text(7),
        After = row.IsNull(8) ? null : row.Text(8),
        Reason = row.IsNull(9) ? null : row.Text(9),
    };
}
