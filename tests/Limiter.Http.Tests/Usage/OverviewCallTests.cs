using System.Net;
using System.Text.Json;
using Limiter.Http.Usage;

namespace Limiter.Http.Tests.Usage;

/// <summary><c>GET /v1/overview</c> and <c>GET /v1/live</c>.</summary>
public sealed class OverviewCallTests
{
    private const string Overview = "/v1/overview";

    [Fact]
    public async Task The_overview_tells_who_is_active_and_how_near_to_a_limit()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var tenant in new[] { "acme", "beta", "idle" }) await server.RegisterAsync(tenant);
        await CheckAsync(server, "beta", 61);
        await CheckAsync(server, "acme", 6);
        await MoveAsync(server, 75);
        await CheckAsync(server, "acme", 50);
        var overview = await GetAsync(server, Overview);
        overview.GetProperty("now").GetString().ShouldBe("2026-01-01T00:01:15Z");
        overview.GetProperty("policy").GetProperty("name").GetString().ShouldBe("waqti");
        overview.GetProperty("policy").GetProperty("version").GetInt64().ShouldBe(1);
        overview.GetProperty("degraded").GetRawText().ShouldBe("""{"now":false,"seconds":0}""");
        overview.GetProperty("perSecond").GetRawText()
            .ShouldBe("""{"allowed":1.1,"denied":0.02,"refused":0,"degraded":0}""");
        new[] { "active", "near", "over" }.Select(name => overview.GetProperty(name).GetInt32()).ShouldBe([2, 1, 1]);
        var tenants = overview.GetProperty("tenants").EnumerateArray().ToArray();
        tenants.Select(tenant => tenant.GetProperty("tenant").GetString()).ShouldBe(["beta", "acme"]);
        tenants.Select(tenant => tenant.GetProperty("state").GetString()).ShouldBe(["over", "near"]);
        tenants[1].GetProperty("plan").GetString().ShouldBe("basic");
        tenants[1].GetProperty("checks").GetInt64().ShouldBe(6);
        tenants[1].GetProperty("limits")[0].GetRawText().ShouldBe(
            """{"name":"minute","limit":60,"remaining":10,"resetsAt":"2026-01-01T00:02:15Z"}""");
        overview.TryGetProperty("next", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Its_pages_give_every_tenant_once()
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await server.RegisterAsync($"t{i}");
            await CheckAsync(server, $"t{i}", i + 1);
        }
        await MoveAsync(server, 75);
        var (path, seen) = (Overview + "?take=2", new List<string?>());
        while (path is not null)
        {
            var page = await GetAsync(server, path);
            seen.AddRange(page.GetProperty("tenants").EnumerateArray()
                .Select(tenant => tenant.GetProperty("tenant").GetString()));
            path = page.TryGetProperty("next", out var next) ? $"{Overview}?take=2&after={next.GetString()}" : null;
        }
        seen.ShouldBe(["t4", "t3", "t2", "t1", "t0"]);
    }

    [Theory]
    [InlineData("/v1/overview?order=name", "order")]
    [InlineData("/v1/overview?take=0", "take")]
    [InlineData("/v1/overview?take=1001", "take")]
    [InlineData("/v1/overview?after=-1", "after")]
    [InlineData("/v1/live?seconds=0", "seconds")]
    [InlineData("/v1/live?seconds=3601", "seconds")]
    public async Task A_query_that_cannot_be_answered_names_its_field(string path, string field)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Admin.GetAsync(path);
        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field", field);
    }

    [Fact]
    public async Task The_stream_tells_what_was_decided_in_each_second()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        using var response = await server.Admin.GetAsync(
            "/v1/live?seconds=3", HttpCompletionOption.ResponseHeadersRead);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        await CheckAsync(server, "acme", 61);
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        lines.Length.ShouldBe(4);
        lines[3].ShouldBe("");
        var seconds = lines[..3].Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        seconds.Sum(second => second.GetProperty("allowed").GetInt64()).ShouldBe(60);
        seconds.Sum(second => second.GetProperty("denied").GetInt64()).ShouldBe(1);
        seconds[2].EnumerateObject().Select(member => member.Name).ShouldBe(
            ["at", "allowed", "denied", "refused", "degraded", "degradedNow", "active", "version"]);
        seconds[2].GetProperty("active").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task One_stream_too_many_is_refused_and_an_ended_one_makes_room()
    {
        await using var server = await TestServer.StartAsync();
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < LiveHandler.StreamsMax; i++)
            streams.Add(await server.Admin.GetAsync("/v1/live", HttpCompletionOption.ResponseHeadersRead));
        using (var refused = await server.Admin.GetAsync("/v1/live"))
        {
            await refused.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "busy");
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(1));
        }
        foreach (var stream in streams) stream.Dispose();
        HttpStatusCode status;
        do
        {
            using var next = await server.Admin.GetAsync("/v1/live?seconds=1");
            status = next.StatusCode;
        }
        while (status == HttpStatusCode.ServiceUnavailable);
        status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_stream_does_not_keep_a_server_from_stopping()
    {
        var server = await TestServer.StartAsync();
        using var stream = await server.Admin.GetAsync("/v1/live", HttpCompletionOption.ResponseHeadersRead);
        using var body = await stream.Content.ReadAsStreamAsync();
        // The server waits 10 s for what is under way.
        await server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(8));
    }

    private static async Task CheckAsync(TestServer server, string tenant, int count)
    {
        var check = $$"""{"tenant":"{{tenant}}","method":"GET","path":"/contacts"}""";
        while (count-- > 0) await server.Gateway.PostAsync("/v1/check", TestServer.Json(check));
    }

    private static async Task MoveAsync(TestServer server, int seconds) =>
        (await server.Anyone.PutAsync("/dev/clock", TestServer.Json($$"""{"advanceSeconds":{{seconds}}}""")))
        .EnsureSuccessStatusCode();

    private static async Task<JsonElement> GetAsync(TestServer server, string path) =>
        await TestServer.ReadAsync(await server.Admin.GetAsync(path));
}
