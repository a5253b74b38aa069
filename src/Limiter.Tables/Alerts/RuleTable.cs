using Azure;
using Azure.Data.Tables;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Alerts;

/// <summary>The rules, all in one partition with a stamp that every change of one renews.</summary>
internal sealed class RuleTable(StoredTable table, TimeProvider clock)
{
    private const string Partition = "rules";
    private const string Kind = "rule";
    private const string StampRow = "stamp";
    private const string StampName = "Stamp";
    private const string RuleName = "Rule";
    private const string NoStamp = "none";

    public async ValueTask<StoredAlertRule?> FindAsync(TenantId tenant, CancellationToken cancellation)
    {
        var row = await table.FindAsync(Partition, KeyOf(tenant), cancellation).ConfigureAwait(false);
        return row is null ? null : new StoredAlertRule(Read(row), row.ETag.ToString());
    }

    public async ValueTask<List<AlertRule>> PageAsync(TenantId? after, int take, CancellationToken cancellation)
    {
        var all = KeyRange.Below(StorageKey.Encode(Kind));
        var rows = await table.RangeAsync(
            Partition, after is { } tenant ? all.After(KeyOf(tenant)) : all, take, cancellation).ConfigureAwait(false);
        return rows.ConvertAll(Read);
    }

    public async ValueTask<string> StampAsync(CancellationToken cancellation)
    {
        var row = await table.FindAsync(Partition, StampRow, cancellation).ConfigureAwait(false);
        return row is null ? NoStamp : Damage.Guard(row, row => row.Text(StampName));
    }

    public async ValueTask<bool> SaveAsync(AlertRule rule, string? version, CancellationToken cancellation)
    {
        var row = new TableEntity(Partition, KeyOf(rule.Tenant)) { [RuleName] = AlertRuleCodec.Encode(rule) };
        var put = version is null
            ? new TableTransactionAction(TableTransactionActionType.Add, row)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, new ETag(version));
        return await table.TransactAsync([put, NewStamp()], cancellation).ConfigureAwait(false) == WriteOutcome.Done;
    }

    public async ValueTask<bool> RemoveAsync(TenantId tenant, CancellationToken cancellation)
    {
        for (var attempts = new Attempts($"the alert rule of {tenant}", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await table.FindAsync(Partition, KeyOf(tenant), cancellation).ConfigureAwait(false);
            if (row is null) return false;
            var delete = new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag);
            if (await table.TransactAsync([delete, NewStamp()], cancellation).ConfigureAwait(false)
                == WriteOutcome.Done) return true;
        }
    }

    private static TableTransactionAction NewStamp() => new(
        TableTransactionActionType.UpsertReplace,
        new TableEntity(Partition, StampRow) { [StampName] = Stamp.New() });

    private static string KeyOf(TenantId tenant) => StorageKey.Encode(Kind, tenant.Text);

    private static AlertRule Read(TableEntity row) => Damage.Guard(row, row =>
        StorageKey.Decode(row.RowKey) is [Kind, var name] && TenantId.TryParse(name, out var tenant)
            ? AlertRuleCodec.Decode(tenant, row.Bytes(RuleName))
            : throw new FormatException("its key is none of a rule"));
}
