using Azure.Data.Tables;
using Limiter.Domain.Tenants;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tenants;

/// <summary>
/// Which key a credential is said to be. It is so only while that key's row has the credential's hash: a row of a
/// crashed addition, or of a key that is gone, says nothing.
/// </summary>
/// <param name="Life">Of the tenant.</param>
/// <param name="Stamp">Of the addition that wrote the row.</param>
/// <param name="Kept">Whether the key's row had been written.</param>
internal sealed record CredentialRow(TenantId Tenant, KeyId Key, string Life, string Stamp, bool Kept = false)
{
    public const string RowKey = "key";

    public static string PartitionOf(CredentialHash hash) =>
        StorageKey.Encode("credential", Convert.ToHexStringLower(hash.ToArray()));

    public bool IsOf(string life, KeyId key) => Life == life && Key == key;

    public static CredentialRow Read(TableEntity row) => Damage.Guard(row, static row =>
        TenantId.TryParse(row.GetString("Tenant"), out var tenant) && KeyId.TryParse(row.GetString("Key"), out var key)
            ? new CredentialRow(tenant, key, row.Text("Life"), row.Text("Stamp"), row.GetBoolean("Kept") ?? false)
            : throw new FormatException("the names of the credential's key cannot be read"));

    public TableEntity ToEntity(CredentialHash hash) => new(PartitionOf(hash), RowKey)
    {
        ["Tenant"] = Tenant.Text,
        ["Key"] = Key.Text,
        ["Life"] = Life,
        ["Stamp"] = Stamp,
        ["Kept"] = Kept,
    };
}
