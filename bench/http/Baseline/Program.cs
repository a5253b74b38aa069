// The ceiling for a check over HTTP: an endpoint that parses a check's body and answers JSON of the same size, and
// decides nothing.
using System.Text.Json;
using System.Text.Json.Serialization;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, Json.Default));
var app = builder.Build();
app.MapPost("/v1/check", (CheckBody check) => TypedResults.Json(
    new CheckAnswer(
        "allowed", check.Tenant, "basic", "standard", 1, "leased",
        [
            new LimitAnswer("minute", 1_000_000, 999_999, DateTimeOffset.UnixEpoch),
            new LimitAnswer("day", 1_000_000, 999_999, DateTimeOffset.UnixEpoch),
        ],
        "AVC1m1SZFBspiXFnAaIBAAABAAAAAAAAAAQAYWNtZQAAAAAIAHN0YW5kYXJkAQAqfYNj4wwtaJPpzYc9sPcU-A"),
    Json.Default.CheckAnswer));
app.Run();

internal sealed record CheckBody(string Tenant, string Method, string Path);

internal sealed record CheckAnswer(
    string Decision, string Tenant, string Plan, string Group, long Cost, string Mode, LimitAnswer[] Limits, string CheckId);

internal sealed record LimitAnswer(string Name, long Limit, long Remaining, DateTimeOffset ResetsAt);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CheckBody))]
[JsonSerializable(typeof(CheckAnswer))]
internal sealed partial class Json : JsonSerializerContext;
