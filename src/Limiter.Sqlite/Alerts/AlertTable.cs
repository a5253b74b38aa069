using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Alerts;

/// <summary>The rows of the alerts. A row's version rises by one at every change of it.</summary>
internal static class AlertTable
{
    private const string Columns =
        "tenant, alert, kind, at, body, limited, threshold, key, state, attempts, due, error";
    private const string Insert = $"""
        INSERT INTO alerts ({Columns}, version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 1) ON CONFLICT DO NOTHING
        """;
    private const string SelectOne = $"SELECT {Columns}, version FROM alerts WHERE tenant = ?1 AND alert = ?2";
    private const string SelectPage = $"""
        SELECT {Columns}, version FROM alerts
        WHERE tenant = ?1 AND (at < ?2 OR (at = ?2 AND alert > ?3))
        ORDER BY at DESC, alert LIMIT ?4
        """;
    private const string SelectDue =
        "SELECT tenant, alert FROM alerts WHERE due IS NOT NULL AND due <= ?1 ORDER BY due, tenant, alert LIMIT ?2";
    private const string UpdateClaim = """
        UPDATE alerts SET attempts = attempts + 1, due = ?4, version = version + 1
        WHERE tenant = ?1 AND alert = ?2 AND due IS NOT NULL AND due <= ?3
        """;
    private const string UpdatePostponed = """
        UPDATE alerts SET due = ?3, version = version + 1
        WHERE id IN (SELECT id FROM alerts WHERE tenant = ?1 AND due IS NOT NULL AND due <= ?2 LIMIT ?4)
        """;
    private const string UpdateSettled = """
        UPDATE alerts SET state = ?3, attempts = ?4, due = ?5, error = ?6, version = version + 1
        WHERE tenant = ?1 AND alert = ?2 AND version = ?7
        """;
    private const string DeleteOld =
        "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE at < ?1 AND due IS NULL ORDER BY at LIMIT ?2)";
    private const int VersionColumn = 12;

    /// <summary>False when one of its id is there.</summary>
    public static bool Add(Database database, Alert alert)
    {
        using var run = database.Start(Insert)
            .Bind(1, alert.Tenant.Text).Bind(2, alert.Id).Bind(3, (long)alert.Kind).Bind(4, alert.At.UnixMilliseconds)
            .Bind(5, alert.Body.AsSpan()).Bind(6, alert.Limit).Bind(7, (long?)alert.Threshold).Bind(8, alert.Key)
            .Bind(9, (long)alert.State).Bind(10, alert.Attempts).Bind(11, alert.DueAt?.UnixMilliseconds)
            .Bind(12, alert.Error);
        return run.Run() == 1;
    }

    public static Alert? Find(Database database, TenantId tenant, string id) => Claimed(database, tenant, id)?.Alert;

    /// <summary>The latest raised first.</summary>
    public static List<Alert> Page(Database database, TenantId tenant, AlertCursor? after, int take)
    {
        using var run = database.Start(SelectPage)
            .Bind(1, tenant.Text).Bind(2, after?.At.UnixMilliseconds ?? long.MaxValue).Bind(3, after?.Id ?? "")
            .Bind(4, take);
        var alerts = new List<Alert>();
        while (run.Step()) alerts.Add(Read(run));
        return alerts;
    }

    /// <summary>Those that are due and to be taken, the longest due first; no more is read than that needs.</summary>
    public static List<(TenantId Tenant, string Id)> Due(
        Database database, Instant now, int take, Func<TenantId, bool> takes)
    {
        using var run = database.Start(SelectDue).Bind(1, now.UnixMilliseconds).Bind(2, IAlertStore.LookedAtMax);
        var due = new List<(TenantId, string)>();
        while (due.Count < take && run.Step())
            if (TenantOf(run.Text(0)) is var tenant && takes(tenant)) due.Add((tenant, run.Text(1)));
        return due;
    }

    public static int Postpone(Database database, TenantId tenant, Instant now, Instant until, int take)
    {
        using var run = database.Start(UpdatePostponed)
            .Bind(1, tenant.Text).Bind(2, now.UnixMilliseconds).Bind(3, until.UnixMilliseconds).Bind(4, take);
        return run.Run();
    }

    /// <summary>Claims those of some alerts that are due still.</summary>
    public static List<ClaimedAlert> Claim(
        Database database, List<(TenantId Tenant, string Id)> due, Instant now, Instant until)
    {
        var claimed = new List<ClaimedAlert>();
        foreach (var (tenant, id) in due)
        {
            using (var run = database.Start(UpdateClaim)
                .Bind(1, tenant.Text).Bind(2, id).Bind(3, now.UnixMilliseconds).Bind(4, until.UnixMilliseconds))
                if (run.Run() == 0) continue;
            if (Claimed(database, tenant, id) is { } mine) claimed.Add(mine);
        }
        return claimed;
    }

    /// <summary>False when the alert is not of the version any more.</summary>
    public static bool Settle(Database database, Alert after, long version)
    {
        using var run = database.Start(UpdateSettled)
            .Bind(1, after.Tenant.Text).Bind(2, after.Id).Bind(3, (long)after.State).Bind(4, after.Attempts)
            .Bind(5, after.DueAt?.UnixMilliseconds).Bind(6, after.Error).Bind(7, version);
        return run.Run() == 1;
    }

    public static int Sweep(Database database, Instant before, int take)
    {
        using var run = database.Start(DeleteOld).Bind(1, before.UnixMilliseconds).Bind(2, take);
        return run.Run();
    }

    private static ClaimedAlert? Claimed(Database database, TenantId tenant, string id)
    {
        using var run = database.Start(SelectOne).Bind(1, tenant.Text).Bind(2, id);
        return run.Step()
            ? new ClaimedAlert(Read(run), run.Int64(VersionColumn).ToString(CultureInfo.InvariantCulture))
            : null;
    }

    private static Alert Read(Execution row) => new(
        TenantOf(row.Text(0)), row.Text(1), (AlertKind)row.Int64(2), new Instant(row.Int64(3)), [.. row.Blob(4)])
    {
        Limit = row.IsNull(5) ? null : row.Text(5),
        Threshold = row.IsNull(6) ? null : (int)row.Int64(6),
        Key = row.IsNull(7) ? null : row.Text(7),
        State = (AlertState)row.Int64(8),
        Attempts = (int)row.Int64(9),
        DueAt = row.IsNull(10) ? null : new Instant(row.Int64(10)),
        Error = row.IsNull(11) ? null : row.Text(11),
    };

    private static TenantId TenantOf(string name) => TenantId.TryParse(name, out var tenant)
        ? tenant
        : throw new FormatException($"an alert of the tenant {name} has no valid name");
}
