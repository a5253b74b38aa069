using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary>A tenant as the admin calls show it.</summary>
internal static class TenantJson
{
    /// <summary>The word for no number.</summary>
    public const string Unlimited = "unlimited";

    private static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("createdAt");
    private static readonly JsonEncodedText Until = JsonEncodedText.Encode("until");

    public static IResult Show(TenantRecord tenant, Instant now, int status = StatusCodes.Status200OK) =>
        JsonBody.Object(status, (tenant, now), static (json, shown) => Write(json, shown.tenant, shown.now))
            .With(Preconditions.TagOf(tenant));

    /// <summary>
    /// The members of a tenant, in the ordinal order of the limits' names; ended adjustments are left out.
    /// </summary>
    public static void Write(Utf8JsonWriter json, TenantRecord tenant, Instant now)
    {
        json.WriteString("tenant", tenant.Id.Text);
        json.WriteString("plan", tenant.Plan);
        json.WriteNumber("version", tenant.Version);
        json.WriteTime(CreatedAt, tenant.CreatedAt);
        // A tenant like most says nothing of it.
        if (tenant.SuspendedUntil > now) WriteSuspension(json, tenant.Suspension);
        WriteOverrides(json, tenant);
        json.WriteStartObject("adjustments");
        foreach (var (limit, adjustment) in tenant.Adjustments.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal))
        {
            if (adjustment.Until <= now) continue;
            json.WriteStartObject(limit.Name);
            WriteAdjustment(json, adjustment);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    public static void WriteOverrides(Utf8JsonWriter json, TenantRecord tenant)
    {
        json.WriteStartObject("overrides");
        foreach (var (limit, number) in tenant.Overrides.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal))
        {
            if (number == Schedule.Unlimited) json.WriteString(limit.Name, Unlimited);
            else json.WriteNumber(limit.Name, number);
        }
        json.WriteEndObject();
    }

    /// <summary>The members that the call which suspends takes.</summary>
    public static void WriteSuspension(Utf8JsonWriter json, Suspension? suspension)
    {
        json.WriteBoolean("suspended", suspension is not null);
        if (suspension is null) return;
        if (suspension.Until != Instant.Never) json.WriteTime(Until, suspension.Until);
        json.WriteString("reason", suspension.Reason);
    }

    /// <summary>The members of an adjustment.</summary>
    public static void WriteAdjustment(Utf8JsonWriter json, Adjustment adjustment)
    {
        if (adjustment.FactorPpm is { } ppm) json.WriteNumber("factor", TrimZeros(ppm / 1_000_000m));
        if (adjustment.Number is { } number) json.WriteNumber("limit", number);
        json.WriteTime(Until, adjustment.Until);
        json.WriteString("reason", adjustment.Reason);
    }

    /// <summary>Division by this constant drops a decimal's trailing zeros.</summary>
    private static decimal TrimZeros(decimal value) => value / 1.000000000000000000000000000000000m;
}
