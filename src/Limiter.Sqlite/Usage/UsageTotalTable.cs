using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Usage;

/// <summary>The totals of one grain. A total's version rises by one at every change.</summary>
internal sealed class UsageTotalTable(UsageGrain grain) : UsageTable<StoredTotal>(grain)
{
    private const string Insert = """
        INSERT INTO usage_totals (grain, whole, tenant, start, version, charged, sheet)
        VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6) ON CONFLICT DO NOTHING
        """;
    private const string Update = """
        UPDATE usage_totals SET version = version + 1, charged = ?5, sheet = ?6
        WHERE grain = ?1 AND whole = ?2 AND tenant = ?3 AND start = ?4 AND version = ?7
        """;
    private const string SelectWhole =
        "SELECT whole FROM usage_totals WHERE grain = ?1 AND whole >= ?2 ORDER BY whole LIMIT 1";
    private const string SelectOfTenant = """
        SELECT start, version, charged, sheet FROM usage_totals
        WHERE grain = ?1 AND whole = ?2 AND tenant = ?3 AND start > ?4 AND start < ?5
        ORDER BY start LIMIT ?6
        """;
    private const string SelectOfWhole = """
        SELECT tenant, start, sheet FROM usage_totals
        WHERE grain = ?1 AND whole = ?2 AND (tenant, start) > (?3, ?4)
        ORDER BY tenant, start LIMIT ?5
        """;

    private const string DeleteOld = """
        DELETE FROM usage_totals WHERE (grain, whole, tenant, start) IN (
            SELECT grain, whole, tenant, start FROM usage_totals WHERE grain = ?1 AND whole < ?2
            ORDER BY grain, whole, tenant, start LIMIT ?3)
        """;

    /// <summary>Deletes the oldest in wholes before a time; returns how many.</summary>
    public int Delete(Database database, Instant before, int take)
    {
        using var run = database.Start(DeleteOld)
            .Bind(1, (long)Grain).Bind(2, before.UnixMilliseconds).Bind(3, take);
        return run.Run();
    }

    /// <summary>Returns the tenants that had a total of the period already; theirs does not change.</summary>
    /// <param name="sheets">Those of the totals, encoded.</param>
    public List<TenantId> Add(Database database, IReadOnlyList<UsageTotal> totals, byte[][] sheets)
    {
        var there = new List<TenantId>();
        for (var i = 0; i < totals.Count; i++)
        {
            using var run = Bind(database.Start(Insert), totals[i], sheets[i]);
            if (run.Run() == 0) there.Add(totals[i].Tenant);
        }
        return there;
    }

    /// <summary>False when the total is not of the version any more.</summary>
    public bool Replace(Database database, UsageTotal total, byte[] sheet, long version)
    {
        using var run = Bind(database.Start(Update), total, sheet).Bind(7, version);
        return run.Run() == 1;
    }

    public override Instant? First(Database database, Instant from)
    {
        using var run = database.Start(SelectWhole).Bind(1, (long)Grain).Bind(2, from.UnixMilliseconds);
        return run.Step() ? new Instant(run.Int64(0)) : null;
    }

    protected override UsageCursor Read(
        Database database, Instant whole, UsageCursor after, Instant until, int take, List<StoredTotal> items)
    {
        using var run = database.Start(SelectOfTenant)
            .Bind(1, (long)Grain).Bind(2, whole.UnixMilliseconds).Bind(3, after.Tenant.Text)
            .Bind(4, after.Start.UnixMilliseconds).Bind(5, until.UnixMilliseconds).Bind(6, take);
        while (run.Step())
        {
            after = new UsageCursor(after.Tenant, new Instant(run.Int64(0)), 0, 0);
            var sheet = SheetOf(run.Blob(3), after, Grain);
            var total = Grain == UsageGrain.Day
                ? new DailyUsage(after.Tenant, after.Start, sheet, run.IsNull(2) ? null : run.Int64(2))
                : new UsageTotal(after.Tenant, new UsagePeriod(Grain, after.Start), sheet);
            items.Add(new StoredTotal(total, run.Int64(1).ToString(CultureInfo.InvariantCulture)));
        }
        return after;
    }

    protected override UsageCursor Read(
        Database database, Instant whole, UsageCursor after, int take, List<UsagePart> parts)
    {
        using var run = database.Start(SelectOfWhole)
            .Bind(1, (long)Grain).Bind(2, whole.UnixMilliseconds).Bind(3, after.Tenant.Text)
            .Bind(4, after.Start.UnixMilliseconds).Bind(5, take);
        while (run.Step())
        {
            after = new UsageCursor(TenantOf(run.Text(0)), new Instant(run.Int64(1)), 0, 0);
            parts.Add(PartOf(run.Blob(2), after, Grain));
        }
        return after;
    }

    private Execution Bind(Execution run, UsageTotal total, byte[] sheet) => run
        .Bind(1, (long)Grain).Bind(2, WholeOf(total.Period.Start).UnixMilliseconds).Bind(3, total.Tenant.Text)
        .Bind(4, total.Period.Start.UnixMilliseconds).Bind(5, (total as DailyUsage)?.Charged).Bind(6, sheet);
}
