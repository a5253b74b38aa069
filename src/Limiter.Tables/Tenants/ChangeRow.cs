using System.Globalization;
using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tenants;

/// <summary>
/// What was changed of a tenant, in one of its slots: a change takes the place of the one that came
/// <see cref="ChangeRecord.KeptMax"/> before it. All stand in the tenants' partition, so that a tenant's change is
/// saved together with what is told of it.
/// </summary>
internal static class ChangeRow
{
    public const string AtName = "At";
    private const string Kind = "change";

    /// <summary>Sorts after the slots' digits.</summary>
    private const string Head = "head";

    /// <summary>The rows of all tenants.</summary>
    public static readonly KeyRange All = KeyRange.Below(StorageKey.Encode(Kind));

    public static string HeadOf(TenantId tenant) => StorageKey.Encode(Kind, tenant.Text, Head);

    /// <summary>The rows of a tenant's slots, both included.</summary>
    public static KeyRange Slots(TenantId tenant, long first, long last) =>
        new(KeyOf(tenant, first), StorageKey.End(KeyOf(tenant, last)));

    /// <summary>Where to begin with a part of the tenants, by the first letter of their names.</summary>
    public static KeyRange From(char letter) => All with { First = StorageKey.Encode(Kind, letter.ToString()) };

    public static long SlotOf(long number) => number % ChangeRecord.KeptMax;

    public static ChangeRecord Read(TableEntity row, TenantId tenant) => Damage.Guard(row, row => new ChangeRecord(
        tenant, (ChangeKind)row.Number("What"), row.Text("Subject"), new Instant(row.Number(AtName)), row.Text("By"),
        row.Text("Actor"))
    {
        Number = row.Number("Number"),
        Before = row.GetString("Before"),
        After = row.GetString("After"),
        Reason = row.GetString("Reason"),
    });

    public static TableEntity ToEntity(ChangeRecord change) =>
        new(TenantRow.Partition, KeyOf(change.Tenant, SlotOf(change.Number)))
        {
            ["Number"] = change.Number,
            ["What"] = (long)change.What,
            ["Subject"] = change.Subject,
            [AtName] = change.At.UnixMilliseconds,
            ["By"] = change.By,
            ["Actor"] = change.Actor,
            ["Before"] = change.Before,
            ["After"] = change.After,
            ["Reason"] = change.Reason,
        };

    private static string KeyOf(TenantId tenant, long slot) =>
        StorageKey.Encode(Kind, tenant.Text, slot.ToString("D3", CultureInfo.InvariantCulture));
}
