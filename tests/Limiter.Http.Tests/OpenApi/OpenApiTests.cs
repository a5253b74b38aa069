using System.Text.Json;
using System.Text.RegularExpressions;
using Limiter.Described;
using Limiter.Http.Auth;
using Limiter.Http.Surface;

namespace Limiter.Http.Tests.OpenApi;

public sealed partial class OpenApiTests
{
    private static readonly string[] AnyMethod = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH"];

    [Fact]
    public async Task The_document_describes_every_call_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        var document = await ReadAsync(server);
        Operations(document).Select(one => one.Name).Order()
            .ShouldBe(server.Calls.SelectMany(Names).Order());
        Operations(document).Select(one => one.Operation.GetProperty("operationId").GetString()).ShouldBeUnique();
    }

    [Fact]
    public async Task The_document_says_whose_key_a_call_asks_for()
    {
        await using var server = await TestServer.StartAsync();
        var operations = Operations(await ReadAsync(server)).ToDictionary(one => one.Name, one => one.Operation);
        foreach (var call in server.Calls)
            foreach (var name in Names(call))
                operations[name].GetProperty("security").EnumerateArray()
                    .SelectMany(scheme => scheme.EnumerateObject().Select(key => key.Name)).ShouldBe(
                        call.Access switch
                        {
                            Access.Anyone => [],
                            Access.Door => ["door", "gateway", "admin"],
                            Access.Gateway => ["gateway", "admin", .. Viewers(call)],
                            _ => ["admin", .. Viewers(call)],
                        }, name);
    }

    private static string[] Viewers(Operation call) => call.ServesViewers ? ["viewer"] : [];

    [Fact]
    public async Task Every_reference_in_the_document_leads_somewhere()
    {
        await using var server = await TestServer.StartAsync();
        var document = await ReadAsync(server);
        var references = Reference().Matches(document.GetRawText()).Select(match => match.Groups[1].Value).ToArray();
        references.ShouldNotBeEmpty();
        foreach (var reference in references)
            reference.Split('/').Aggregate(document, (element, step) => element.GetProperty(step))
                .ValueKind.ShouldBe(JsonValueKind.Object, reference);
    }

    [Fact]
    public async Task A_body_s_fields_are_those_of_the_document()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        var document = await ReadAsync(server);
        var bodies = Operations(document).Where(one => one.Operation.TryGetProperty("requestBody", out _))
            .ToDictionary(one => one.Name, one => Fields(document, one.Operation));
        bodies.Count.ShouldBe(14);
        // A field that one call takes in silence is most likely another's.
        string[] all = ["nonsense", .. bodies.Values.SelectMany(fields => fields).Distinct()];
        foreach (var (name, fields) in bodies)
            foreach (var field in all)
                (await SendAsync(server, name, field)).Contains("\"unknown_field\"", StringComparison.Ordinal)
                    .ShouldBe(!fields.Contains(field), $"{name} {field}");
    }

    private static string[] Fields(JsonElement document, JsonElement operation)
    {
        var schema = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json")
            .GetProperty("schema").GetProperty("$ref").GetString()!["#/components/schemas/".Length..];
        return [.. document.GetProperty("components").GetProperty("schemas").GetProperty(schema)
            .GetProperty("properties").EnumerateObject().Select(field => field.Name)];
    }

    [Fact]
    public async Task The_http_file_holds_every_call()
    {
        await using var server = await TestServer.StartAsync();
        var file = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "limiter.http"));
        foreach (var call in server.Calls)
        {
            var method = call.Method == Operation.AnyMethod ? "GET" : call.Method;
            var path = call.Pattern.Replace("{tenant}", "acme", StringComparison.Ordinal)
                .Replace("{limit}", "minute", StringComparison.Ordinal)
                .Replace("{key}", "{{key}}", StringComparison.Ordinal)
                .Replace("{**path}", "things", StringComparison.Ordinal);
            file.ShouldMatch($@"(?m)^{method} \{{\{{host\}}\}}{Regex.Escape(path)}(\?.*)?$");
        }
    }

    private static async Task<string> SendAsync(TestServer server, string name, string field)
    {
        var path = name.Split(' ')[1].Replace("{tenant}", "acme", StringComparison.Ordinal)
            .Replace("{limit}", "minute", StringComparison.Ordinal).Replace("{key}", "ci", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(name.Split(' ')[0]), path);
        request.Content = TestServer.Json($$"""{"{{field}}":[]}""");
        using var response = await server.Admin.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<JsonElement> ReadAsync(TestServer server) =>
        await TestServer.ReadAsync(await server.Anyone.GetAsync("/openapi/v1.json"));

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Name != "parameters"
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);

    private static IEnumerable<string> Names(Operation call) =>
        (call.Method == Operation.AnyMethod ? AnyMethod : [call.Method])
        .Select(method => $"{method} {call.Pattern.Replace("{**", "{", StringComparison.Ordinal)}");

    [GeneratedRegex("\"\\$ref\": \"#/([^\"]+)\"")]
    private static partial Regex Reference();
}
