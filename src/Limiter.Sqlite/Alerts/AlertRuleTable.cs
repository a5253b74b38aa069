using System.Globalization;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Alerts;

/// <summary>
/// The rows of the rules. Versions are counted over all of them, so that the last given tells of any change.
/// </summary>
internal static class AlertRuleTable
{
    private const string SelectOne = "SELECT rule, version FROM alert_rules WHERE tenant = ?1";
    private const string SelectPage =
        "SELECT tenant, rule FROM alert_rules WHERE tenant > ?1 ORDER BY tenant LIMIT ?2";
    private const string Insert =
        "INSERT INTO alert_rules (tenant, version, rule) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    private const string Update =
        "UPDATE alert_rules SET version = ?2, rule = ?3 WHERE tenant = ?1 AND version = ?4";
    private const string Delete = "DELETE FROM alert_rules WHERE tenant = ?1";

    public static StoredAlertRule? Find(Database database, TenantId tenant)
    {
        using var run = database.Start(SelectOne).Bind(1, tenant.Text);
        return run.Step()
            ? new StoredAlertRule(
                AlertRuleCodec.Decode(tenant, run.Blob(0).ToArray()),
                run.Int64(1).ToString(CultureInfo.InvariantCulture))
            : null;
    }

    public static List<AlertRule> Page(Database database, TenantId? after, int take)
    {
        using var run = database.Start(SelectPage).Bind(1, after?.Text ?? "").Bind(2, take);
        var rules = new List<AlertRule>();
        while (run.Step())
        {
            var name = run.Text(0);
            if (!TenantId.TryParse(name, out var tenant))
                throw new FormatException($"the alert rule of the tenant {name} has no valid name");
            rules.Add(AlertRuleCodec.Decode(tenant, run.Blob(1).ToArray()));
        }
        return rules;
    }

    /// <summary>False when the store does not hold the version that the rule was made from; null: none.</summary>
    public static bool Save(Database database, TenantId tenant, byte[] rule, long? version)
    {
        var next = Facts.Read(database, Facts.AlertRulesVersion).Number + 1;
        using (var run = database.Start(version is null ? Insert : Update))
        {
            run.Bind(1, tenant.Text).Bind(2, next).Bind(3, rule);
            if (version is { } known) run.Bind(4, known);
            if (run.Run() == 0) return false;
        }
        Facts.Save(database, Facts.AlertRulesVersion, next, []);
        return true;
    }

    public static bool Remove(Database database, TenantId tenant)
    {
        using (var run = database.Start(Delete).Bind(1, tenant.Text))
            if (run.Run() == 0) return false;
        Facts.Save(
            database, Facts.AlertRulesVersion, Facts.Read(database, Facts.AlertRulesVersion).Number + 1, []);
        return true;
    }
}
