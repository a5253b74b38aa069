using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;

namespace Limiter.Http.Tenants;

/// <summary>A tenant as the admin calls show it.</summary>
internal static class TenantJson
{
    /// <summary>The word for no number.</summary>
    public const string Unlimited = "unlimited";

    private static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("createdAt");
    private static readonly JsonEncodedText Until = JsonEncodedText.Encode("until");

    /// <summary>
    /// The members of a tenant, in the ordinal order of the limits' names; ended adjustments are left out.
    /// </summary>
    public static void Write(Utf8JsonWriter json, TenantRecord tenant, Instant now)
    {
        json.WriteString("tenant", tenant.Id.Text);
        json.WriteString("plan", tenant.Plan);
        json.WriteNumber("version", tenant.Version);
        json.WriteTime(CreatedAt, tenant.CreatedAt);
        json.WriteStartObject("overrides");
        foreach (var (limit, number) in tenant.Overrides.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal))
        {
            if (number == Schedule.Unlimited) json.WriteString(limit.Name, Unlimited);
            else json.WriteNumber(limit.Name, number);
        }
        json.WriteEndObject();
        json.WriteStartObject("adjustments");
        foreach (var (limit, adjustment) in tenant.Adjustments.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal))
            if (adjustment.Until > now) WriteAdjustment(json, limit, adjustment);
        json.WriteEndObject();
    }

    public static void WriteKey(Utf8JsonWriter json, KeyRecord key)
    {
        json.WriteString("key", key.Key.Text);
        json.WriteString("name", key.Label);
        json.WriteTime(CreatedAt, key.CreatedAt);
    }

    private static void WriteAdjustment(Utf8JsonWriter json, LimitId limit, Adjustment adjustment)
    {
        json.WriteStartObject(limit.Name);
        if (adjustment.FactorPpm is { } ppm) json.WriteNumber("factor", TrimZeros(ppm / 1_000_000m));
        if (adjustment.Number is { } number) json.WriteNumber("limit", number);
        json.WriteTime(Until, adjustment.Until);
        json.WriteString("reason", adjustment.Reason);
        json.WriteEndObject();
    }

    /// <summary>Division by this constant drops a decimal's trailing zeros.</summary>
    private static decimal TrimZeros(decimal value) => value / 1.000000000000000000000000000000000m;
}
