using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Alerts;

/// <summary>An alert as its row.</summary>
internal static class AlertRow
{
    public const string AtName = "At";
    public const string VersionName = "Version";

    public static TableEntity Write(Alert alert, string version) =>
        new(AlertKeys.Partition, AlertKeys.Row(alert.Tenant, alert.At, alert.Id))
        {
            [VersionName] = version,
            ["Kind"] = (long)alert.Kind,
            [AtName] = alert.At.UnixMilliseconds,
            ["Body"] = alert.Body.ToArray(),
            ["Limit"] = alert.Limit,
            ["Threshold"] = (long?)alert.Threshold,
            ["Key"] = alert.Key,
            ["State"] = (long)alert.State,
            ["Attempts"] = (long)alert.Attempts,
            ["Due"] = alert.DueAt?.UnixMilliseconds,
            ["Error"] = alert.Error,
        };

    /// <summary>A row that only stands where it stands, and says when its alert was raised.</summary>
    public static TableEntity At(string row, Alert alert) =>
        new(AlertKeys.Partition, row) { [AtName] = alert.At.UnixMilliseconds };

    public static Alert Read(TableEntity row) => Damage.Guard(row, row =>
    {
        var (tenant, id) = AlertKeys.ReadRow(row.RowKey);
        return new Alert(
            tenant, id, (AlertKind)row.Number("Kind"), new Instant(row.Number(AtName)), [.. row.Bytes("Body")])
        {
            Limit = row.GetString("Limit"),
            Threshold = (int?)row.GetInt64("Threshold"),
            Key = row.GetString("Key"),
            State = (AlertState)row.Number("State"),
            Attempts = (int)row.Number("Attempts"),
            DueAt = row.GetInt64("Due") is { } due ? new Instant(due) : null,
            Error = row.GetString("Error"),
        };
    });

    public static string VersionOf(TableEntity row) => Damage.Guard(row, row => row.Text(VersionName));
}
