using System.Globalization;
using System.Text.Json;

namespace Limiter.Http.Tests.OpenApi;

/// <summary>What the server answers is what its description says: statuses, media types and members.</summary>
public sealed class AnswerTests
{
    private const string Adjustment = """{"factor":0.5,"until":"2026-01-01T01:00:00Z","reason":"scraping"}""";
    private const string Charge = """{"checkId":"{{checkId}}","cost":3}""";
    private const string Post = """{"tenant":"acme","method":"POST","path":"/contacts","reserve":"30s"}""";
    private const string Denied = """{"tenant":"acme","method":"GET","path":"/","cost":1000000}""";

    private static readonly (string Call, string Target, string? Body)[] Script =
    [
        ("PUT /v1/tenants/{tenant}", "/v1/tenants/acme", """{"plan":"basic"}"""),
        ("PUT /v1/tenants/{tenant}", "/v1/tenants/acme", """{"overrides":{"day":"unlimited"},"plan":"basic"}"""),
        ("GET /v1/tenants/{tenant}", "/v1/tenants/acme", null),
        ("GET /v1/tenants", "/v1/tenants?limit=1", null),
        ("POST /v1/tenants/{tenant}/keys", "/v1/tenants/acme/keys", """{"name":"ci","key":"ci"}"""),
        ("POST /v1/tenants/{tenant}/keys/{key}/rotate", "/v1/tenants/acme/keys/ci/rotate", """{"overlapSeconds":60}"""),
        ("GET /v1/tenants/{tenant}/keys/{key}", "/v1/tenants/acme/keys/ci", null),
        ("GET /v1/tenants/{tenant}/keys", "/v1/tenants/acme/keys", null),
        ("PUT /v1/tenants/{tenant}/overrides/{limit}", "/v1/tenants/acme/overrides/minute", """{"limit":500}"""),
        ("PUT /v1/tenants/{tenant}/adjustments/{limit}", "/v1/tenants/acme/adjustments/minute", Adjustment),
        ("PUT /v1/tenants/{tenant}/alerts", "/v1/tenants/acme/alerts", """{"limits":["minute"]}"""),
        ("GET /v1/tenants/{tenant}/alerts", "/v1/tenants/acme/alerts", null),
        ("POST /v1/tenants/{tenant}/alerts/test", "/v1/tenants/acme/alerts/test", null),
        ("GET /v1/tenants/{tenant}/alerts/sent", "/v1/tenants/acme/alerts/sent", null),
        ("POST /v1/tenants/{tenant}/links", "/v1/tenants/acme/links", """{"days":7}"""),
        ("POST /v1/check", "/v1/check", """{"tenant":"acme","method":"GET","path":"/"}"""),
        ("POST /v1/check", "/v1/check", Post),
        ("POST /v1/check", "/v1/check", Denied),
        ("POST /v1/charge", "/v1/charge", Charge),
        ("POST /v1/charge", "/v1/charge", """{"checkId":"none","cost":3}"""),
        ("GET /v1/limits", "/v1/limits?tenant=acme", null),
        ("POST /v1/explain", "/v1/explain", """{"tenant":"acme","method":"POST","path":"/contacts"}"""),
        ("GET /v1/authorize/{path}", "/v1/authorize/things", null),
        ("GET /v1/tenants/{tenant}/changes", "/v1/tenants/acme/changes", null),
        ("POST /v1/identities", "/v1/identities",
            """{"edge":"0123456789abcdef","names":["acme","acme/ci","nobody"]}"""),
        ("POST /v1/leases", "/v1/leases", """{"edge":"0123456789abcdef","reserves":{"t:acme:":"AAAA"}}"""),
        ("POST /v1/rows", "/v1/rows", """{"edge":"0123456789abcdef","rows":{}}"""),
        ("GET /v1/policy", "/v1/policy", null),
        ("GET /v1/usage/{tenant}", "/v1/usage/acme", null),
        ("GET /v1/usage/{tenant}", "/v1/usage/acme?by=day", null),
        ("GET /v1/usage/{tenant}", "/v1/usage/acme?by=minute&split=endpoint", null),
        ("GET /v1/usage/{tenant}", "/v1/usage/acme?split=key", null),
        ("GET /v1/overview", "/v1/overview", null),
        ("GET /v1/live", "/v1/live?seconds=1", null),
        ("GET /", "/", null),
        ("GET /dashboard/{path}", "/dashboard/", null),
        ("GET /healthz", "/healthz", null),
        ("GET /readyz", "/readyz", null),
        ("GET /metrics", "/metrics", null),
        ("GET /openapi/v1.json", "/openapi/v1.json", null),
        ("GET /dev/clock", "/dev/clock", null),
        ("PUT /dev/clock", "/dev/clock", """{"advanceSeconds":0}"""),
        ("GET /proxy/{path}", "/proxy/things", null),
        ("DELETE /v1/tenants/{tenant}/adjustments/{limit}", "/v1/tenants/acme/adjustments/minute", null),
        ("DELETE /v1/tenants/{tenant}/overrides/{limit}", "/v1/tenants/acme/overrides/minute", null),
        ("DELETE /v1/tenants/{tenant}/alerts", "/v1/tenants/acme/alerts", null),
        ("DELETE /v1/tenants/{tenant}/keys/{key}", "/v1/tenants/acme/keys/ci", null),
        ("PUT /v1/tenants/{tenant}", "/v1/tenants/acme", """{"suspended":true,"reason":"unpaid"}"""),
        ("DELETE /v1/tenants/{tenant}", "/v1/tenants/acme", null),
    ];

    [Fact]
    public async Task Every_call_answers_as_the_document_says()
    {
        await using var server = await TestServer.StartAsync();
        var document = await TestServer.ReadAsync(await server.Anyone.GetAsync("/openapi/v1.json"));
        var judge = new SchemaJudge(document);
        var checkId = "";
        foreach (var (call, target, body) in Script)
        {
            using var response = await SendAsync(server.Admin, call.Split(' ')[0], target, body, checkId);
            var text = await response.Content.ReadAsStringAsync();
            if (call == "POST /v1/check" && response.IsSuccessStatusCode)
                checkId = JsonDocument.Parse(text).RootElement.GetProperty("checkId").GetString()!;
            Errors(judge, Operation(document, call), response, text).ShouldBeEmpty($"{call} {body}: {text}");
        }
    }

    [Fact]
    public async Task Every_call_is_made_here()
    {
        await using var server = await TestServer.StartAsync();
        var described = server.Calls.Select(call =>
            $"{call.Method.Replace("*", "GET", StringComparison.Ordinal)} "
            + call.Pattern.Replace("{**", "{", StringComparison.Ordinal));
        Script.Select(made => made.Call).Distinct().Order().ShouldBe(described.Order());
    }

    private static IEnumerable<string> Errors(
        SchemaJudge judge, JsonElement operation, HttpResponseMessage response, string text)
    {
        var answers = operation.GetProperty("responses");
        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!answers.TryGetProperty(status, out var answer))
        {
            // Only errors need no word of their own.
            if ((int)response.StatusCode < 400) return [$"{status} is not told of"];
            answer = judge.Follow(answers.GetProperty("default").GetProperty("$ref").GetString()!);
        }
        var mediaType = response.Content.Headers.ContentType?.MediaType;
        if (!answer.TryGetProperty("content", out var content))
            return text.Length == 0 ? [] : ["a body is not told of"];
        if (!content.TryGetProperty(mediaType ?? "", out var told)) return [$"{mediaType} is not told of"];
        if (mediaType!.StartsWith("text/", StringComparison.Ordinal)) return [];
        return text.Split('\n', mediaType.Contains("ndjson", StringComparison.Ordinal) ? int.MaxValue : 1)
            .Where(line => line.Length > 0)
            .SelectMany(line => judge.Errors(told.GetProperty("schema"), JsonDocument.Parse(line).RootElement, ""));
    }

    private static JsonElement Operation(JsonElement document, string call) =>
        document.GetProperty("paths").GetProperty(call.Split(' ')[1])
            .GetProperty(call.Split(' ')[0].ToLowerInvariant());

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string method, string target, string? body, string checkId)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (body is not null)
            request.Content = TestServer.Json(body.Replace("{{checkId}}", checkId, StringComparison.Ordinal));
        request.Headers.TryAddWithoutValidation("Accept", "application/vnd.limiter.decision+json");
        return await client.SendAsync(request);
    }
}
