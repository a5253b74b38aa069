using System.Text.Json;
using Limiter.Domain.Decisions;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Contract;

/// <summary>
/// The 429 of a policy whose refusals are problem details: the type that draft-ietf-httpapi-ratelimit-headers-11
/// registers. Its <c>violated-policies</c> are named as in <c>RateLimit-Policy</c>.
/// </summary>
internal static class QuotaExceeded
{
    private static readonly JsonEncodedText Type =
        JsonEncodedText.Encode("https://iana.org/assignments/http-problem-types#quota-exceeded");

    private static readonly JsonEncodedText Title =
        JsonEncodedText.Encode("Request cannot be satisfied as assigned quota has been exceeded");

    public static void Write(Utf8JsonWriter json, Decision decision)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, Type);
        json.WriteString("title"u8, Title);
        json.WriteNumber("status"u8, StatusCodes.Status429TooManyRequests);
        json.WriteStartArray("violated-policies"u8);
        foreach (ref readonly var status in decision.Limits)
            if (status.Denies) json.WriteStringValue(status.Limit.Name);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
