using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tenants;

/// <summary>A tenant as its row holds it.</summary>
/// <param name="Life">
/// Names the time between a registration and its removal. A tenant's keys belong to its life, so what a removal leaves
/// behind, or adds late, is never a key of the tenant that is registered again under the name.
/// </param>
/// <param name="Stamp">Of the save that wrote the row.</param>
internal sealed record TenantRow(TenantRecord Record, string Life, string Stamp)
{
    /// <summary>
    /// Its removal has begun and is not to be stopped: the row changes no more, and goes after the keys.
    /// </summary>
    public bool IsClosing { get; init; }

    public const string Partition = "tenants";
    private const string Kind = "tenant";

    /// <summary>The row that all others of the tenants come before or after, as <see cref="End"/>.</summary>
    public static readonly string Start = KeyOf("");

    public static readonly string End = StorageKey.End(StorageKey.Encode(Kind));

    public static string KeyOf(string name) => StorageKey.Encode(Kind, name);

    public static TenantRow Read(TableEntity row) => Damage.Guard(row, static row =>
        TenantId.TryParse(row.GetString("Tenant"), out var id)
            ? new TenantRow(
                new TenantRecord(
                    id,
                    row.Text("Plan"),
                    row.Number("Version"),
                    new Instant(row.Number("Created")),
                    TenantLimitsCodec.DecodeOverrides(row.Bytes("Overrides")),
                    TenantLimitsCodec.DecodeAdjustments(row.Bytes("Adjustments")))
                {
                    Suspension = row.GetInt64("Suspended") is { } until
                        ? new Suspension(new Instant(until), row.Text("Reason"))
                        : null,
                },
                row.Text("Life"),
                row.Text("Stamp"))
            {
                IsClosing = row.GetBoolean("Closing") ?? false,
            }
            : throw new FormatException("the tenant's name cannot be read"));

    public TableEntity ToEntity() => new(Partition, KeyOf(Record.Id.Text))
    {
        ["Tenant"] = Record.Id.Text,
        ["Plan"] = Record.Plan,
        ["Version"] = Record.Version,
        ["Created"] = Record.CreatedAt.UnixMilliseconds,
        // As bytes: a property of 64 KiB then holds 20 limits with the longest reasons, and as a string it would not.
        ["Overrides"] = TenantLimitsCodec.Encode(Record.Overrides),
        ["Adjustments"] = TenantLimitsCodec.Encode(Record.Adjustments),
        ["Suspended"] = Record.Suspension?.Until.UnixMilliseconds,
        ["Reason"] = Record.Suspension?.Reason,
        ["Life"] = Life,
        ["Stamp"] = Stamp,
        ["Closing"] = IsClosing ? true : null,
    };
}
