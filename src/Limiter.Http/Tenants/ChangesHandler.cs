using System.Globalization;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary>
/// <c>GET /v1/tenants/{tenant}/changes</c>: who changed what of a tenant, and when, the newest first; also after its
/// removal.
/// </summary>
public sealed class ChangesHandler(IDirectory directory, TimeProvider clock)
{
    private static readonly JsonEncodedText At = JsonEncodedText.Encode("at");

    public async Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (PageQuery.TryRead(request.Query, out var page) is { } problem) return problem;
        if (!RouteNames.TryTenant(request, out var tenant)) return RouteNames.UnknownTenant();
        if (!TryNumber(page.After, out var before)) return InputProblem.Invalid("after", "a change's number");
        var since = Instant.From(clock.GetUtcNow()) + -ChangeRecord.KeptMs;
        var changes = await directory.ListChangesAsync(tenant, before, since, page.Limit, cancellation)
            .ConfigureAwait(false);
        if (changes.Count == 0 && await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is null)
            return RouteNames.UnknownTenant();
        return JsonBody.Object(StatusCodes.Status200OK, (changes, page.Limit), static (json, shown) =>
        {
            json.WriteStartArray("changes");
            foreach (var change in shown.changes) Write(json, change);
            json.WriteEndArray();
            json.WriteString("next", shown.changes.Count < shown.Limit
                ? null
                : shown.changes[^1].Number.ToString(CultureInfo.InvariantCulture));
        });
    }

    private static bool TryNumber(string? text, out long? number)
    {
        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read);
        number = isNumber ? read : null;
        return isNumber || text is null;
    }

    private static void Write(Utf8JsonWriter json, ChangeRecord change)
    {
        json.WriteStartObject();
        json.WriteNumber("number", change.Number);
        json.WriteTime(At, change.At);
        json.WriteString("by", change.By);
        if (change.Actor.Length > 0) json.WriteString("actor", change.Actor);
        json.WriteString("what", NameOf(change.What));
        if (change.Subject.Length > 0) json.WriteString(SubjectOf(change.What), change.Subject);
        WriteValue(json, "before", change.Before);
        WriteValue(json, "after", change.After);
        if (change.Reason is not null) json.WriteString("reason", change.Reason);
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, string? value)
    {
        json.WritePropertyName(name);
        if (value is null) json.WriteNullValue();
        else json.WriteRawValue(value);
    }

    private static string SubjectOf(ChangeKind what) =>
        what is ChangeKind.Override or ChangeKind.Adjustment ? "limit" : "key";

    private static string NameOf(ChangeKind what) => what switch
    {
        ChangeKind.Created => "created",
        ChangeKind.Plan => "plan",
        ChangeKind.Override => "override",
        ChangeKind.Adjustment => "adjustment",
        ChangeKind.Suspension => "suspension",
        ChangeKind.Terms => "terms",
        ChangeKind.KeyMinted => "keyMinted",
        ChangeKind.KeyImported => "keyImported",
        ChangeKind.KeyRotated => "keyRotated",
        ChangeKind.KeyRevoked => "keyRevoked",
        ChangeKind.Removed => "removed",
        ChangeKind.AlertsSet => "alertsSet",
        ChangeKind.AlertsRemoved => "alertsRemoved",
        ChangeKind.LinkMade => "linkMade",
        _ => "other",
    };
}
