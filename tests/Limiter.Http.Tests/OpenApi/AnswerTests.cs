using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Limiter.Described;
using Limiter.Domain.Escrow;
using Limiter.Http.Proxy;
using Limiter.Http.Tests.Edges;
using Limiter.Http.Tests.Proxy;

namespace Limiter.Http.Tests.OpenApi;

/// <summary>What the server answers is what its description says: statuses, media types and members.</summary>
public sealed partial class AnswerTests
{
    private const string Accept = "Accept: application/vnd.limiter.decision+json";

    [Fact]
    public async Task Every_call_answers_as_the_document_says()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var policy = Policies.Shipped("points");
        await using var server = await TestServer.StartAsync(
            policy, new ProxyOptions { Upstream = upstream.Address });
        var document = await TestServer.ReadAsync(await server.Anyone.GetAsync("/openapi/v1.json"));
        var judge = new SchemaJudge(document);
        var seen = Encoded(new RemoteAsk(server, policy));
        var wrong = new List<string>();
        foreach (var step in AnswerScript.Steps)
        {
            using var response = await SendAsync(server.Anyone, step, seen);
            var text = await response.Content.ReadAsStringAsync();
            if ((int)response.StatusCode != step.Status) wrong.Add($"{step}: {(int)response.StatusCode} {text}");
            wrong.AddRange(Errors(judge, Operation(document, step.Call), response, text)
                .Select(error => $"{step}: {error}: {text}"));
            Remember(step, response, text, seen);
        }
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_answer_of_every_call_is_given_here_and_no_call_is_made_up()
    {
        await using var server = await TestServer.StartAsync();
        var given = AnswerScript.Steps.Select(step => (step.Call, step.Status)).ToHashSet();
        var described = server.Calls.SelectMany(call => Statuses(call).Select(status => (Name(call), status)));
        described.Where(answer => !given.Contains(answer)).ShouldBeEmpty();
        given.Select(answer => answer.Call).Distinct().Order().ShouldBe(server.Calls.Select(Name).Order());
    }

    private static IEnumerable<int> Statuses(Operation call) =>
    [
        .. call.Answers.Select(answer => answer.Status),
        .. call.Refuses ? [429] : Array.Empty<int>(),
        .. call.HonoursPreconditions ? [412] : Array.Empty<int>(),
    ];

    private static string Name(Operation call) =>
        $"{call.Method.Replace("*", "GET", StringComparison.Ordinal)} "
        + call.Pattern.Replace("{**", "{", StringComparison.Ordinal);

    /// <summary>What an edge elsewhere sends, by the name that it has in the script.</summary>
    private static Dictionary<string, string> Encoded(RemoteAsk remote)
    {
        var (limit, terms) = (RemoteAsk.Limit("points"), remote.Terms("build"));
        var reserve = remote.Want(1, 1, 1, terms) with { Wants = [new Want(limit, 1, 1, 1)] };
        var charge = new ChargeRequest(7, remote.Now, 1, 2, [limit], terms);
        return new Dictionary<string, string>
        {
            ["reserve"] = Convert.ToBase64String(RequestCodec.Encode(reserve)),
            ["charge"] = Convert.ToBase64String(RequestCodec.Encode(charge)),
        };
    }

    private static void Remember(Step step, HttpResponseMessage response, string text, Dictionary<string, string> seen)
    {
        if (response.Headers.ETag is { } tag) seen["tag"] = tag.ToString();
        if (Icon().Match(text) is { Success: true } icon) seen["icon"] = icon.Value;
        if (!response.IsSuccessStatusCode) return;
        if (step.Call is not ("POST /v1/check" or "POST /v1/tenants/{tenant}/keys")) return;
        foreach (var member in JsonDocument.Parse(text).RootElement.EnumerateObject())
            if (member.Name is "checkId" or "secret") seen[member.Name] = member.Value.GetString()!;
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
        if (content.TryGetProperty("*/*", out _)) return [];
        if (!content.TryGetProperty(mediaType ?? "", out var told)) return [$"{mediaType} is not told of"];
        if (!mediaType!.Contains("json", StringComparison.Ordinal)) return [];
        return text.Split('\n', mediaType.Contains("ndjson", StringComparison.Ordinal) ? int.MaxValue : 1)
            .Where(line => line.Length > 0)
            .SelectMany(line => judge.Errors(told.GetProperty("schema"), JsonDocument.Parse(line).RootElement, ""));
    }

    private static JsonElement Operation(JsonElement document, string call) =>
        document.GetProperty("paths").GetProperty(call.Split(' ')[1])
            .GetProperty(call.Split(' ')[0].ToLowerInvariant());

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, Step step, Dictionary<string, string> seen)
    {
        string Filled(string text) => seen.Aggregate(text, (filled, one) =>
            filled.Replace($"{{{{{one.Key}}}}}", one.Value, StringComparison.Ordinal));
        using var request = new HttpRequestMessage(new HttpMethod(step.Call.Split(' ')[0]), Filled(step.Target));
        if (step.Body is not null) request.Content = TestServer.Json(Filled(step.Body));
        foreach (var header in step.Headers.Split('|').Append(Accept))
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], Filled(header.Split(": ")[1]));
        return await client.SendAsync(request);
    }

    [GeneratedRegex("/dashboard/[0-9a-z]+/icon.svg")]
    private static partial Regex Icon();
}
