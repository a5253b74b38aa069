using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Usage;

/// <summary>The edges' minute rows.</summary>
internal sealed class UsageRowTable() : UsageTable<UsageRow>(UsageGrain.Minute)
{
    private const string Upsert = """
        INSERT INTO usage_rows (hour, tenant, minute, edge, number, sheet, revision)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (hour, tenant, minute, edge, number)
        DO UPDATE SET sheet = excluded.sheet, revision = excluded.revision
        WHERE excluded.revision > usage_rows.revision
        """;
    private const string SelectHour = "SELECT hour FROM usage_rows WHERE hour >= ?1 ORDER BY hour LIMIT 1";
    private const string SelectOfTenant = """
        SELECT minute, edge, number, sheet, revision FROM usage_rows
        WHERE hour = ?1 AND tenant = ?2 AND (minute, edge, number) > (?3, ?4, ?5) AND minute < ?6
        ORDER BY minute, edge, number LIMIT ?7
        """;
    private const string SelectOfHour = """
        SELECT tenant, minute, edge, number, sheet FROM usage_rows
        WHERE hour = ?1 AND (tenant, minute, edge, number) > (?2, ?3, ?4, ?5)
        ORDER BY tenant, minute, edge, number LIMIT ?6
        """;

    private const string SelectNextTenant =
        "SELECT tenant FROM usage_rows WHERE hour = ?1 AND tenant > ?2 ORDER BY tenant LIMIT 1";
    private const string DeleteOld = """
        DELETE FROM usage_rows WHERE (hour, tenant, minute, edge, number) IN (
            SELECT hour, tenant, minute, edge, number FROM usage_rows WHERE hour < ?1
            ORDER BY hour, tenant, minute, edge, number LIMIT ?2)
        """;

    /// <summary>Most tenants that one page looks at, with rows in those minutes or not.</summary>
    private const int TenantsMax = 10_000;

    /// <summary>The rows of some minutes of an hour: from tenant to tenant, without what lies between.</summary>
    public UsagePage<UsagePart> Minutes(Database database, Instant from, Instant until, UsageCursor after, int take)
    {
        var (whole, parts) = (WholeOf(from), new List<UsagePart>());
        for (var seen = 0; seen < TenantsMax; seen++)
        {
            after = ReadMinutes(database, whole, after, until, take - parts.Count, parts);
            if (parts.Count == take) return new UsagePage<UsagePart>(parts, after.Encode());
            if (NextTenant(database, whole, after.Tenant.Text) is not { } tenant)
                return new UsagePage<UsagePart>(parts, null);
            after = UsageCursor.At(TenantOf(tenant), from);
        }
        return new UsagePage<UsagePart>(parts, after.Encode());
    }

    /// <summary>Deletes the oldest in hours before a time; returns how many.</summary>
    public static int Delete(Database database, Instant before, int take)
    {
        using var run = database.Start(DeleteOld).Bind(1, before.UnixMilliseconds).Bind(2, take);
        return run.Run();
    }

    /// <param name="sheets">Those of the rows, encoded.</param>
    public void Save(Database database, IReadOnlyList<UsageRow> rows, byte[][] sheets)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            using var run = database.Start(Upsert)
                .Bind(1, WholeOf(row.Minute).UnixMilliseconds).Bind(2, row.Tenant.Text)
                .Bind(3, row.Minute.UnixMilliseconds).Bind(4, unchecked((long)row.Writer.Edge.Value))
                .Bind(5, row.Writer.Number).Bind(6, sheets[i]).Bind(7, row.Revision);
            run.Run();
        }
    }

    public override Instant? First(Database database, Instant from)
    {
        using var run = database.Start(SelectHour).Bind(1, from.UnixMilliseconds);
        return run.Step() ? new Instant(run.Int64(0)) : null;
    }

    protected override UsageCursor Read(
        Database database, Instant whole, UsageCursor after, Instant until, int take, List<UsageRow> items)
    {
        using var run = OfTenant(database, whole, after, until, take);
        while (run.Step())
        {
            after = new UsageCursor(after.Tenant, new Instant(run.Int64(0)), run.Int64(1), run.Int64(2));
            items.Add(new UsageRow(
                after.Tenant, after.Start, new UsageWriter(new EdgeId(unchecked((ulong)after.Edge)), after.Number),
                SheetOf(run.Blob(3), after, Grain), run.Int64(4)));
        }
        return after;
    }

    private UsageCursor ReadMinutes(
        Database database, Instant whole, UsageCursor after, Instant until, int take, List<UsagePart> parts)
    {
        using var run = OfTenant(database, whole, after, until, take);
        while (run.Step())
        {
            after = new UsageCursor(after.Tenant, new Instant(run.Int64(0)), run.Int64(1), run.Int64(2));
            parts.Add(PartOf(run.Blob(3), after, Grain));
        }
        return after;
    }

    private static string? NextTenant(Database database, Instant whole, string tenant)
    {
        using var run = database.Start(SelectNextTenant).Bind(1, whole.UnixMilliseconds).Bind(2, tenant);
        return run.Step() ? run.Text(0) : null;
    }

    private static Execution OfTenant(
        Database database, Instant whole, UsageCursor after, Instant until, int take) => database.Start(SelectOfTenant)
        .Bind(1, whole.UnixMilliseconds).Bind(2, after.Tenant.Text)
        .Bind(3, after.Start.UnixMilliseconds).Bind(4, after.Edge).Bind(5, after.Number)
        .Bind(6, until.UnixMilliseconds).Bind(7, take);

    protected override UsageCursor Read(
        Database database, Instant whole, UsageCursor after, int take, List<UsagePart> parts)
    {
        using var run = database.Start(SelectOfHour)
            .Bind(1, whole.UnixMilliseconds).Bind(2, after.Tenant.Text)
            .Bind(3, after.Start.UnixMilliseconds).Bind(4, after.Edge).Bind(5, after.Number).Bind(6, take);
        while (run.Step())
        {
            after = new UsageCursor(TenantOf(run.Text(0)), new Instant(run.Int64(1)), run.Int64(2), run.Int64(3));
            parts.Add(PartOf(run.Blob(4), after, Grain));
        }
        return after;
    }
}
