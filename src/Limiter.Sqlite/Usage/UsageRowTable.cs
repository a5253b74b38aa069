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
        INSERT INTO usage_rows (hour, tenant, minute, edge, number, sheet) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (hour, tenant, minute, edge, number) DO UPDATE SET sheet = excluded.sheet
        """;
    private const string SelectHour = "SELECT hour FROM usage_rows WHERE hour >= ?1 ORDER BY hour LIMIT 1";
    private const string SelectOfTenant = """
        SELECT minute, edge, number, sheet FROM usage_rows
        WHERE hour = ?1 AND tenant = ?2 AND (minute, edge, number) > (?3, ?4, ?5) AND minute < ?6
        ORDER BY minute, edge, number LIMIT ?7
        """;
    private const string SelectOfHour = """
        SELECT tenant, minute, edge, number, sheet FROM usage_rows
        WHERE hour = ?1 AND (tenant, minute, edge, number) > (?2, ?3, ?4, ?5)
        ORDER BY tenant, minute, edge, number LIMIT ?6
        """;

    /// <param name="sheets">Those of the rows, encoded.</param>
    public void Save(Database database, IReadOnlyList<UsageRow> rows, byte[][] sheets)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            using var run = database.Start(Upsert)
                .Bind(1, WholeOf(row.Minute).UnixMilliseconds).Bind(2, row.Tenant.Text)
                .Bind(3, row.Minute.UnixMilliseconds).Bind(4, unchecked((long)row.Writer.Edge.Value))
                .Bind(5, row.Writer.Number).Bind(6, sheets[i]);
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
        using var run = database.Start(SelectOfTenant)
            .Bind(1, whole.UnixMilliseconds).Bind(2, after.Tenant.Text)
            .Bind(3, after.Start.UnixMilliseconds).Bind(4, after.Edge).Bind(5, after.Number)
            .Bind(6, until.UnixMilliseconds).Bind(7, take);
        while (run.Step())
        {
            after = new UsageCursor(after.Tenant, new Instant(run.Int64(0)), run.Int64(1), run.Int64(2));
            items.Add(new UsageRow(
                after.Tenant, after.Start, new UsageWriter(new EdgeId(unchecked((ulong)after.Edge)), after.Number),
                SheetOf(run.Blob(3), after, Grain)));
        }
        return after;
    }

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
