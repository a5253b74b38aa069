using System.Text.Json;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;

namespace Limiter.Http.Explain;

/// <summary>Where a number comes from, as this surface's JSON.</summary>
internal static class NumberSourceJson
{
    private static readonly JsonEncodedText Until = JsonEncodedText.Encode("until");

    /// <summary>An object; a percentage has that of its base inside.</summary>
    public static void Write(Utf8JsonWriter json, NumberSource source)
    {
        json.WriteStartObject();
        json.WriteString("from", source.Origin switch
        {
            NumberOrigin.Plan => "plan",
            NumberOrigin.Limit => "limit",
            NumberOrigin.Percentage => "percentage",
            NumberOrigin.Override => "override",
            _ => "missing",
        });
        ExplanationJson.WriteNumber(json, "number", source.Stated);
        if (source.Base is { } followed)
        {
            json.WriteString("of", followed.Limit.Name);
            json.WritePropertyName("base");
            Write(json, followed.Source);
        }
        if (source.Adjustment is { } adjustment) Write(json, adjustment, source.InForce);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Adjustment adjustment, long inForce)
    {
        json.WriteStartObject("adjustment");
        if (adjustment.FactorPpm is { } ppm) json.WriteNumber("factor", ppm / 1_000_000m);
        ExplanationJson.WriteNumber(json, "number", inForce);
        json.WriteTime(Until, adjustment.Until);
        json.WriteString("reason", adjustment.Reason);
        json.WriteEndObject();
    }
}
