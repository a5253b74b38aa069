using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Alerts;

/// <summary>
/// The keys of an alert's three rows, which change together and so stand in one partition: <c>id!tenant!id</c> keeps a
/// second one of its id out, <c>alert!tenant!(time, latest first)!id</c> is the alert, and <c>due!time!tenant!id</c>
/// says when it is to be delivered; once it is not any more, <c>old!time!tenant!id</c> says when it was raised.
/// </summary>
internal static class AlertKeys
{
    public const string Partition = "alerts";

    private const string Due = "due";
    private const string Old = "old";
    private const string All = "alert";

    // Digits of every time that a long counts in milliseconds.
    private const string TimeFormat = "D19";

    public static string Marker(TenantId tenant, string id) => StorageKey.Encode("id", tenant.Text, id);

    public static string Row(TenantId tenant, Instant at, string id) =>
        StorageKey.Encode(All, tenant.Text, Text(long.MaxValue - at.UnixMilliseconds), id);

    /// <summary>Where an alert is found by its time: the next attempt's, or once it does not wait, its own.</summary>
    public static string Place(Alert alert) => alert.DueAt is { } due
        ? StorageKey.Encode(Due, Text(due.UnixMilliseconds), alert.Tenant.Text, alert.Id)
        : StorageKey.Encode(Old, Text(alert.At.UnixMilliseconds), alert.Tenant.Text, alert.Id);

    /// <summary>The places of what is due at a time.</summary>
    public static KeyRange DueBy(Instant now) => Before(Due, now + 1);

    /// <summary>The places of what was raised before a time and waits no more.</summary>
    public static KeyRange RaisedBefore(Instant time) => Before(Old, time);

    /// <summary>A tenant's alerts after a place in their list.</summary>
    public static KeyRange RowsOf(TenantId tenant, AlertCursor? after)
    {
        var all = KeyRange.Below(StorageKey.Encode(All, tenant.Text));
        return after is null ? all : all.After(Row(tenant, after.At, after.Id));
    }

    /// <summary>Whose alert a place is of.</summary>
    /// <exception cref="FormatException">It is no place.</exception>
    public static (TenantId Tenant, string Id) ReadPlace(string row)
    {
        if (StorageKey.Decode(row) is not [Due or Old, _, var name, var id] || !TenantId.TryParse(name, out var tenant))
            throw new FormatException($"\"{row}\" is no place of an alert");
        return (tenant, id);
    }

    /// <exception cref="FormatException">It is no alert's key.</exception>
    public static (TenantId Tenant, string Id) ReadRow(string row)
    {
        if (StorageKey.Decode(row) is not [All, var name, _, var id] || !TenantId.TryParse(name, out var tenant))
            throw new FormatException($"\"{row}\" is no key of an alert");
        return (tenant, id);
    }

    private static KeyRange Before(string kind, Instant end) => new(
        StorageKey.Next(StorageKey.Encode(kind)), StorageKey.Encode(kind, Text(Math.Max(0, end.UnixMilliseconds))));

    private static string Text(long number) => number.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
