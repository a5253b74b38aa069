using System.Text;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Tenants;

/// <summary>The rows of the tenants.</summary>
internal static class TenantTable
{
    private const string Columns = "tenant, plan, version, created, overrides, adjustments, suspended, reason";
    private const string SelectOne =
        $"SELECT {Columns} FROM tenants WHERE tenant = ?1";
    private const string SelectPage =
        $"SELECT {Columns} FROM tenants WHERE tenant > ?1 ORDER BY tenant LIMIT ?2";
    private const string Insert = $"""
        INSERT INTO tenants ({Columns})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING
        """;
    private const string Update = """
        UPDATE tenants SET plan = ?2, version = ?3, created = ?4, overrides = ?5, adjustments = ?6,
            suspended = ?7, reason = ?8
        WHERE tenant = ?1 AND version = ?9
        """;
    private const string DeleteOne = "DELETE FROM tenants WHERE tenant = ?1";

    public static TenantRecord? Find(Database database, TenantId tenant)
    {
        using var run = database.Start(SelectOne).Bind(1, tenant.Text);
        return run.Step() ? Read(run) : null;
    }

    public static List<TenantRecord> Page(Database database, TenantId? after, int take)
    {
        using var run = database.Start(SelectPage).Bind(1, after?.Text ?? "").Bind(2, take);
        var tenants = new List<TenantRecord>();
        while (run.Step()) tenants.Add(Read(run));
        return tenants;
    }

    /// <summary>Null when the directory does not hold the version that the record was made from.</summary>
    public static TenantRecord? Save(Database database, TenantRecord tenant)
    {
        var saved = tenant with { Version = Facts.Read(database, Facts.TenantVersion).Number + 1 };
        using (var run = database.Start(tenant.Version == 0 ? Insert : Update))
        {
            run.Bind(1, saved.Id.Text).Bind(2, saved.Plan).Bind(3, saved.Version)
                .Bind(4, saved.CreatedAt.UnixMilliseconds)
                .Bind(5, Encoding.UTF8.GetString(TenantLimitsCodec.Encode(saved.Overrides)))
                .Bind(6, Encoding.UTF8.GetString(TenantLimitsCodec.Encode(saved.Adjustments)))
                .Bind(7, saved.Suspension?.Until.UnixMilliseconds).Bind(8, saved.Suspension?.Reason);
            if (tenant.Version != 0) run.Bind(9, tenant.Version);
            if (run.Run() == 0) return null;
        }
        Facts.Save(database, Facts.TenantVersion, saved.Version, []);
        return saved;
    }

    /// <summary>Its keys must be gone.</summary>
    public static bool Delete(Database database, TenantId tenant)
    {
        using var run = database.Start(DeleteOne).Bind(1, tenant.Text);
        return run.Run() == 1;
    }

    private static TenantRecord Read(Execution row)
    {
        var name = row.Text(0);
        if (!TenantId.TryParse(name, out var id)) throw new FormatException($"the tenant {name} has no valid name");
        return new TenantRecord(
            id,
            row.Text(1),
            row.Int64(2),
            new Instant(row.Int64(3)),
            TenantLimitsCodec.DecodeOverrides(Encoding.UTF8.GetBytes(row.Text(4))),
            TenantLimitsCodec.DecodeAdjustments(Encoding.UTF8.GetBytes(row.Text(5))))
        {
            Suspension = row.IsNull(6) ? null : new Suspension(new Instant(row.Int64(6)), row.Text(7)),
        };
    }
}
