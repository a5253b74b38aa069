using System.Globalization;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Engine.Alerts;
using Limiter.Engine.Ports;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Limiter.Http.Tenants;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Alerts;

/// <summary>
/// <c>GET /v1/tenants/{tenant}/alerts/sent</c>: what a tenant was told, the latest first, and what became of it; and
/// <c>POST …/alerts/test</c>, which tells it something.
/// </summary>
public sealed class SentAlertsHandler(IDirectory directory, IAlertStore alerts, TimeProvider clock)
{
    private const int TakeDefault = 100;

    public async Task<IResult> GetAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (TryRead(request.Query, out var take, out var after) is { } problem) return problem;
        if (!RouteNames.TryTenant(request, out var tenant)) return RouteNames.UnknownTenant();
        UsagePage<Alert> page;
        try
        {
            page = await alerts.ListAsync(tenant, after, take, cancellation).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            return InputProblem.Invalid("after", "what the page before said as its 'next'");
        }
        if (page.Items.Count == 0
            && await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is null)
            return RouteNames.UnknownTenant();
        return JsonBody.Object(StatusCodes.Status200OK, page, static (json, shown) =>
        {
            json.WriteStartArray("items");
            foreach (var alert in shown.Items) Write(json, alert);
            json.WriteEndArray();
            if (shown.Next is not null) json.WriteString("next", shown.Next);
        });
    }

    /// <summary>Adds a test to the outbox: one a second, however often it is asked for.</summary>
    public async Task<IResult> TestAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!RouteNames.TryTenant(request, out var tenant)
            || await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is null)
            return RouteNames.UnknownTenant();
        var now = Instant.From(clock.GetUtcNow());
        var alert = TestAlert.Of(tenant, now);
        await alerts.AddAsync(alert, cancellation).ConfigureAwait(false);
        return JsonBody.Object(
            StatusCodes.Status202Accepted, alert.Id, static (json, id) => json.WriteString("id", id));
    }

    private static Problem? TryRead(IQueryCollection query, out int take, out string? after)
    {
        (take, after) = (TakeDefault, null);
        foreach (var (name, values) in query)
        {
            if (name is not ("take" or "after")) return InputProblem.Unknown(name);
            if (values.Count != 1) return InputProblem.Duplicate(name);
            if (name == "after") after = values[0];
            else if (!int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out take)
                || take is < 1 or > IAlertStore.PageMax)
                return InputProblem.Invalid(name, $"a whole number from 1 to {IAlertStore.PageMax}");
        }
        return null;
    }

    private static void Write(Utf8JsonWriter json, Alert alert)
    {
        json.WriteStartObject();
        json.WriteString("id", alert.Id);
        json.WriteString("kind", NameOf(alert.Kind));
        if (alert.Limit is not null) json.WriteString("limit", alert.Limit);
        if (alert.Threshold is { } threshold) json.WriteNumber("threshold", threshold);
        if (alert.Key is not null) json.WriteString("key", alert.Key);
        // As the alert itself says it.
        json.WriteString("at", IsoTime.FormatExactly(alert.At));
        json.WriteString("state", NameOf(alert.State));
        json.WriteNumber("attempts", alert.Attempts);
        if (alert.Error is not null) json.WriteString("error", alert.Error);
        json.WriteEndObject();
    }

    private static string NameOf(AlertKind kind) => kind switch
    {
        AlertKind.Threshold => "threshold",
        AlertKind.Exceeded => "exceeded",
        AlertKind.Summary => "summary",
        _ => "test",
    };

    private static string NameOf(AlertState state) => state switch
    {
        AlertState.Waiting => "waiting",
        AlertState.Delivered => "delivered",
        _ => "dead",
    };
}
