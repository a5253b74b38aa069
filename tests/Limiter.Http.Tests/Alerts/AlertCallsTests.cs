using System.Net;
using System.Text.Json;
using Limiter.Domain.Alerts;
using Limiter.Http.Alerts;

namespace Limiter.Http.Tests.Alerts;

/// <summary>The calls about alerts, and a server that sends them.</summary>
public sealed class AlertCallsTests
{
    private const string Path = "/v1/tenants/acme/alerts";

    private static readonly AlertingOptions Open = new()
    {
        Otherwise = AlertRule.None with { Thresholds = AlertRule.ThresholdsDefault },
        PrivateHooks = true,
    };

    [Fact]
    public async Task A_rule_is_made_shown_changed_and_removed()
    {
        await using var server = await TestServer.StartAsync(alerts: Open);
        await server.RegisterAsync();
        var standard = await ReadAsync(server, Path);
        standard.GetRawText().ShouldBe("""{"tenant":"acme","own":false,"thresholds":[80,100],"summary":false}""");
        var made = await PutAsync(server, """
            {"thresholds":[100,50],"limits":["day"],"summary":false,"webhook":"http://127.0.0.1:9/x"}
            """, HttpStatusCode.Created);
        made.GetProperty("secret").GetString().ShouldNotBeNull().ShouldMatch("^lwh_[0-9a-f]{64}$");
        var shown = await ReadAsync(server, Path);
        shown.GetRawText().ShouldBe(
            """{"tenant":"acme","own":true,"thresholds":[50,100],"limits":["day"],"summary":false,"""
            + "\"webhook\":\"http://127.0.0.1:9/x\"}");
        var changed = await PutAsync(server, """{"webhook":"http://127.0.0.1:9/y"}""", HttpStatusCode.OK);
        changed.GetRawText().ShouldBe("""
            {"tenant":"acme","own":true,"thresholds":[80,100],"summary":true,"webhook":"http://127.0.0.1:9/y"}
            """);
        (await server.Admin.DeleteAsync(Path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await server.Admin.DeleteAsync(Path))
            .ShouldBeProblemAsync(HttpStatusCode.NotFound, "no_such_alert_rule");
        (await ReadAsync(server, Path)).GetProperty("own").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"thresholds":[0]}""", "invalid_field", "thresholds")]
    [InlineData("""{"thresholds":[80,80]}""", "invalid_field", "thresholds")]
    [InlineData("""{"thresholds":[80.5]}""", "invalid_field", "thresholds")]
    [InlineData("""{"thresholds":["80"]}""", "invalid_field", "thresholds")]
    [InlineData("""{"thresholds":80}""", "invalid_field", "thresholds")]
    [InlineData("""{"thresholds":[1,2,3,4,5,6,7,8,9,10,11]}""", "invalid_field", "thresholds")]
    [InlineData("""{"limits":["hour"]}""", "unknown_limit", "limits")]
    [InlineData("""{"limits":["day","day"]}""", "unknown_limit", "limits")]
    [InlineData("""{"summary":1}""", "invalid_field", "summary")]
    [InlineData("""{"webhook":"http://example.com/"}""", "refused_webhook", "webhook")]
    [InlineData("""{"webhook":"https://10.0.0.1/"}""", "refused_webhook", "webhook")]
    [InlineData("""{"webhook":"https://localhost/"}""", "refused_webhook", "webhook")]
    [InlineData("""{"webhook":"https://[::ffff:127.0.0.1]/"}""", "refused_webhook", "webhook")]
    [InlineData("""{"secret":"0123456789abcdef"}""", "conflicting_fields", "secret")]
    [InlineData("""{"secret":"short"}""", "invalid_field", "secret")]
    [InlineData("""{"when":80}""", "unknown_field", "when")]
    [InlineData("""{"thresholds":[80""", "malformed_json", null)]
    public async Task A_wrong_rule_is_told_and_nothing_is_changed(string body, string code, string? field)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        using var response = await server.Admin.PutAsync(Path, TestServer.Json(body));
        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code, field);
        (await ReadAsync(server, Path)).GetProperty("own").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Nobody_is_told_of_tenants_that_are_not_there()
    {
        await using var server = await TestServer.StartAsync();
        (string, string)[] calls = [("PUT", ""), ("GET", ""), ("DELETE", ""), ("POST", "/test"), ("GET", "/sent")];
        foreach (var (method, path) in calls)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/tenants/nobody/alerts" + path);
            if (method == "PUT") request.Content = TestServer.Json("{}");
            using var response = await server.Admin.SendAsync(request);
            await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "unknown_tenant", "tenant");
        }
    }

    [Fact]
    public async Task A_webhook_is_told_of_the_use_of_a_limit_and_signs_with_the_secret_that_was_shown_once()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await TestServer.StartAsync(alerts: Open);
        await server.RegisterAsync();
        var made = await PutAsync(
            server, $$"""{"thresholds":[80,100],"limits":["minute"],"webhook":"{{receiver.Hook}}"}""",
            HttpStatusCode.Created);
        for (var i = 0; i < 61; i++) await CheckAsync(server);
        await AdvanceAsync(server, 10);
        receiver.Effects.Values.Select(body => JsonDocument.Parse(body).RootElement.GetProperty("kind").GetString())
            .ShouldBe(["threshold", "exceeded"], ignoreOrder: true);
        foreach (var delivery in receiver.Deliveries)
            SignatureCheck.Verify(
                delivery.Headers["X-Limiter-Signature"], delivery.Body, made.GetProperty("secret").GetString()!,
                server.Clock.GetUtcNow(), 60).ShouldBeTrue();
        var sent = (await ReadAsync(server, Path + "/sent")).GetProperty("items").EnumerateArray().ToList();
        sent.Select(one => (one.GetProperty("limit").GetString(), one.GetProperty("state").GetString()))
            .ShouldBe([("minute", "delivered"), ("minute", "delivered")]);
        sent.Select(one => one.GetProperty("id").GetString()).ShouldBe(receiver.Effects.Keys, ignoreOrder: true);
    }

    [Fact]
    public async Task A_test_is_accepted_sent_and_listed_page_by_page()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await TestServer.StartAsync(alerts: Open);
        await server.RegisterAsync();
        await PutAsync(
            server, $$"""{"webhook":"{{receiver.Hook}}","secret":"0123456789abcdef"}""", HttpStatusCode.Created);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var accepted = await server.Admin.PostAsync(Path + "/test", null);
            accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            ids.Add((await TestServer.ReadAsync(accepted)).GetProperty("id").GetString()!);
            await AdvanceAsync(server, 6);
        }
        receiver.Effects.Keys.ShouldBe(ids, ignoreOrder: true);
        SignatureCheck.Verify(
            receiver.Deliveries.First().Headers["X-Limiter-Signature"], receiver.Deliveries.First().Body,
            "0123456789abcdef", server.Clock.GetUtcNow(), 60).ShouldBeTrue();
        var first = await ReadAsync(server, Path + "/sent?take=2");
        var rest = await ReadAsync(server, $"{Path}/sent?take=2&after={first.GetProperty("next").GetString()}");
        rest.TryGetProperty("next", out _).ShouldBeFalse();
        first.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray())
            .Select(one => one.GetProperty("id").GetString()).ShouldBe(ids.AsEnumerable().Reverse());
        await (await server.Admin.GetAsync(Path + "/sent?after=x"))
            .ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field", "after");
        await (await server.Admin.GetAsync(Path + "/sent?take=1001"))
            .ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field", "take");
    }

    [Fact]
    public async Task What_cannot_be_delivered_is_listed_with_why_and_counted()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = static (context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        await using var server = await TestServer.StartAsync(alerts: Open);
        await server.RegisterAsync();
        await PutAsync(server, $$"""{"webhook":"{{receiver.Hook}}"}""", HttpStatusCode.Created);
        (await server.Admin.PostAsync(Path + "/test", null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await AdvanceAsync(server, 1);
        var waiting = (await ReadAsync(server, Path + "/sent")).GetProperty("items")[0];
        waiting.GetProperty("state").GetString().ShouldBe("waiting");
        waiting.GetProperty("error").GetString().ShouldBe("it answered 503");
        var metrics = await server.Admin.GetStringAsync("/metrics");
        metrics.ShouldContain("limiter_alerts_total{what=\"failed\"} ");
        metrics.ShouldNotContain("limiter_alerts_total{what=\"failed\"} 0\n");
    }

    [Fact]
    public async Task A_tenant_that_is_removed_takes_its_rule_along()
    {
        await using var server = await TestServer.StartAsync(alerts: Open);
        await server.RegisterAsync();
        await PutAsync(server, """{"webhook":"http://127.0.0.1:9/"}""", HttpStatusCode.Created);
        (await server.Admin.DeleteAsync("/v1/tenants/acme")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await server.RegisterAsync();
        (await ReadAsync(server, Path)).GetProperty("own").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task An_alert_is_listed_with_the_time_that_it_says_itself()
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await TestServer.StartAsync(alerts: Open);
        await server.RegisterAsync();
        await PutAsync(server, $$"""{"webhook":"{{receiver.Hook}}"}""", HttpStatusCode.Created);
        server.Clock.Advance(TimeSpan.FromMilliseconds(1_250));
        using var accepted = await server.Admin.PostAsync(Path + "/test", null);
        await AdvanceAsync(server, 6);
        using var body = JsonDocument.Parse(receiver.Deliveries.ShouldHaveSingleItem().Body);
        var listed = (await ReadAsync(server, Path + "/sent")).GetProperty("items")[0].GetProperty("at").GetString();
        listed.ShouldBe("2026-01-01T00:00:01.25Z");
        body.RootElement.GetProperty("at").GetString().ShouldBe(listed);
    }

    private static async Task CheckAsync(TestServer server)
    {
        using var body = TestServer.Json("""{"tenant":"acme","method":"GET","path":"/"}""");
        (await server.Gateway.PostAsync("/v1/check", body)).StatusCode
            .ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.TooManyRequests);
    }

    private static async Task AdvanceAsync(TestServer server, int seconds) => (await server.Admin.PutAsync(
        "/dev/clock", TestServer.Json($$"""{"advanceSeconds":{{seconds}}}"""))).EnsureSuccessStatusCode();

    private static async Task<JsonElement> PutAsync(TestServer server, string body, HttpStatusCode status)
    {
        using var response = await server.Admin.PutAsync(Path, TestServer.Json(body));
        response.StatusCode.ShouldBe(status, await response.Content.ReadAsStringAsync());
        return await TestServer.ReadAsync(response);
    }

    private static async Task<JsonElement> ReadAsync(TestServer server, string path) =>
        await TestServer.ReadAsync(await server.Admin.GetAsync(path));
}
