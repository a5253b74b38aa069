using Azure.Data.Tables;
using Limiter.Azurite;
using Limiter.Domain.Tenants;
using Limiter.Tables.Tenants;

namespace Limiter.Tables.Tests.Tenants;

/// <summary>The rows of a directory, read and written past it.</summary>
internal static class Rows
{
    public static TableClient Table(AzuriteServer azurite, string prefix) =>
        new(azurite.ConnectionString, prefix + "directory");

    public static async Task<string> LifeAsync(AzuriteServer azurite, string prefix, string tenant)
    {
        var row = await Table(azurite, prefix)
            .GetEntityAsync<TableEntity>(TenantRow.Partition, TenantRow.KeyOf(tenant));
        return TenantRow.Read(row.Value).Life;
    }

    /// <summary>Writes keys with their credentials, without counting them.</summary>
    public static async Task AddKeysAsync(
        AzuriteServer azurite, string prefix, string life, IEnumerable<KeyRecord> keys)
    {
        var table = Table(azurite, prefix);
        foreach (var some in keys.Chunk(100))
        {
            await table.SubmitTransactionAsync(some.Select(key => new TableTransactionAction(
                TableTransactionActionType.Add, new KeyRow(key, "test").ToEntity(life))));
            await Task.WhenAll(some.Select(key => table.AddEntityAsync(
                new CredentialRow(key.Tenant, key.Key, life, "test", Kept: true).ToEntity(key.Hash))));
        }
    }

    public static async Task ForgetChangesAsync(AzuriteServer azurite, string prefix)
    {
        var table = Table(azurite, prefix);
        var (first, end) = (ChangeRow.All.First, ChangeRow.All.End);
        var rows = table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter(
            $"PartitionKey eq {TenantRow.Partition} and RowKey ge {first} and RowKey lt {end}"));
        await foreach (var row in rows) await table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
    }

    public static async Task<int> CountAsync(AzuriteServer azurite, string prefix)
    {
        var count = 0;
        await foreach (var row in Table(azurite, prefix).QueryAsync<TableEntity>()) count++;
        return count;
    }
}
