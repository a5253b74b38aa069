using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peers;

/// <summary>A check's fields, as Limiter reads them.</summary>
internal sealed record CheckBody(string Tenant, string Method, string Path, int Cost = 1)
{
    /// <summary>An answer of the same size as Limiter's, so that both send as many bytes.</summary>
    public IResult Allowed() => TypedResults.Json(
        new CheckAnswer(
            "allowed", Tenant, "rich", "standard", Cost, "leased",
            [new LimitAnswer("minute", 1_000_000_000, 999_999_999, DateTimeOffset.UnixEpoch)],
            "AVC1m1SZFBspiXFnAaIBAAABAAAAAAAAAAQAYWNtZQAAAAAIAHN0YW5kYXJkAQAqfYNj4wwtaJPpzYc9sPcU-A"),
        Json.Default.CheckAnswer);

    public static IResult Denied() => TypedResults.Json(
        new Denial("rate_limit_exceeded"), Json.Default.Denial, statusCode: StatusCodes.Status429TooManyRequests);
}

internal sealed record CheckAnswer(
    string Decision, string Tenant, string Plan, string Group, long Cost, string Mode, LimitAnswer[] Limits,
    string CheckId);

internal sealed record LimitAnswer(string Name, long Limit, long Remaining, DateTimeOffset ResetsAt);

internal sealed record Denial(string Error);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CheckBody))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(Denial))]
internal sealed partial class Json : JsonSerializerContext;
