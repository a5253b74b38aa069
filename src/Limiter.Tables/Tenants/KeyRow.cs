using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tenants;

/// <summary>A key as its row holds it, in the partition of its tenant's life.</summary>
/// <param name="Stamp">Of the addition that wrote the row.</param>
internal sealed record KeyRow(KeyRecord Record, string Stamp)
{
    private const string Kind = "key";

    /// <summary>The row key that all keys come after, as they come before <see cref="End"/>.</summary>
    public static readonly string Start = KeyOf("");

    public static readonly string End = StorageKey.End(StorageKey.Encode(Kind));

    public static string PartitionOf(string life) => StorageKey.Encode("keys", life);

    public static string KeyOf(string name) => StorageKey.Encode(Kind, name);

    public static KeyRow Read(TableEntity row) => Damage.Guard(row, static row =>
        TenantId.TryParse(row.GetString("Tenant"), out var tenant)
        && KeyId.TryParse(row.GetString("Key"), out var key)
        && row.Bytes("Hash") is { Length: CredentialHash.Bytes } hash
            ? new KeyRow(
                new KeyRecord(
                    tenant, key, row.Text("Label"), CredentialHash.Read(hash), new Instant(row.Number("Created")))
                {
                    Kind = (KeyKind)(row.GetInt32("Kind") ?? 0),
                    ExpiresAt = TimeOf(row, "Expires"),
                    Retiring = RetiringOf(row),
                    LastUsedDay = row.GetInt64("Used"),
                },
                row.Text("Stamp"))
            : throw new FormatException("the key's names or its hash cannot be read"));

    public TableEntity ToEntity(string life) => new(PartitionOf(life), KeyOf(Record.Key.Text))
    {
        ["Tenant"] = Record.Tenant.Text,
        ["Key"] = Record.Key.Text,
        ["Label"] = Record.Label,
        ["Hash"] = Record.Hash.ToArray(),
        ["Created"] = Record.CreatedAt.UnixMilliseconds,
        ["Stamp"] = Stamp,
        ["Kind"] = (int)Record.Kind,
        ["Expires"] = Record.ExpiresAt?.UnixMilliseconds,
        ["Retiring"] = Record.Retiring?.Hash.ToArray(),
        ["Retires"] = Record.Retiring?.Until.UnixMilliseconds,
        ["Used"] = Record.LastUsedDay,
    };

    private static Instant? TimeOf(TableEntity row, string property) =>
        row.GetInt64(property) is { } time ? new Instant(time) : null;

    private static RetiringSecret? RetiringOf(TableEntity row) =>
        row.GetBinary("Retiring") is not { } hash ? null
        : hash.Length == CredentialHash.Bytes && TimeOf(row, "Retires") is { } until
            ? new RetiringSecret(CredentialHash.Read(hash), until)
            : throw new FormatException("the key's retiring secret cannot be read");
}
