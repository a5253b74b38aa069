using System.Net;
using System.Text;
using System.Text.Json;
using Limiter.Domain.Policies;

namespace Limiter.Http.Tests.Tenants;

/// <summary>Who changed what, in which state it may be changed, and tenants that are suspended.</summary>
public sealed class ChangeCallTests
{
    private const string Acme = "/v1/tenants/acme";

    [Fact]
    public async Task Every_change_is_told_with_its_actor_its_values_and_its_reason_also_after_the_removal()
    {
        await using var server = await TestServer.StartAsync();
        server.Admin.DefaultRequestHeaders.Add("X-Limiter-Actor", " eve@example.com ");
        await PutAsync(server, Acme, """{"plan":"basic"}""");
        await PutAsync(server, Acme, """{"plan":"professional","reason":"upgrade"}""");
        await PutAsync(server, Acme, """{"plan":"professional"}""");
        await PutAsync(server, Acme + "/overrides/minute", """{"limit":500,"reason":"asked"}""");
        await server.Admin.DeleteAsync(Acme + "/overrides/minute");
        await PutAsync(server, Acme + "/adjustments/minute",
            """{"factor":0.5,"until":"2026-01-01T01:00:00Z","reason":"scraping"}""");
        await PutAsync(server, Acme, """{"suspended":true,"reason":"unpaid","until":"2026-01-03T00:00:00Z"}""");
        await server.Admin.PostAsync(Acme + "/keys", TestServer.Json("""{"name":"ci","key":"k1"}"""));
        await server.Admin.PostAsync(Acme + "/keys/k1/rotate", TestServer.Json("""{"overlapSeconds":60}"""));
        await server.Admin.DeleteAsync(Acme + "/keys/k1");
        await server.Admin.DeleteAsync(Acme);
        var told = await TestServer.ReadAsync(await server.Admin.GetAsync(Acme + "/changes"));
        told.GetProperty("next").GetString().ShouldBeNull();
        var changes = told.GetProperty("changes").EnumerateArray().ToArray();
        changes.Select(change => change.GetProperty("what").GetString()).ShouldBe(
        [
            "removed", "keyRevoked", "keyRotated", "keyMinted", "suspension", "adjustment", "override", "override",
            "plan", "created",
        ]);
        changes.ShouldAllBe(change => change.GetProperty("actor").GetString() == "eve@example.com"
            && change.GetProperty("by").GetString() == "admin");
        Shown(changes[8]).ShouldBe("""{"plan":"basic"} {"plan":"professional"} upgrade""");
        Shown(changes[7]).ShouldBe("null 500 asked");
        Shown(changes[6]).ShouldBe("500 null ");
        changes[6].GetProperty("limit").GetString().ShouldBe("minute");
        changes[3].GetProperty("key").GetString().ShouldBe("k1");
        Shown(changes[4]).ShouldBe(
            """{"suspended":false} {"suspended":true,"until":"2026-01-03T00:00:00Z","reason":"unpaid"} unpaid""");
        told.GetRawText().ShouldNotContain("lk_live_");
    }

    [Fact]
    public async Task Changes_are_paged_and_a_tenant_that_never_was_is_not_found()
    {
        await using var server = await TestServer.StartAsync();
        await PutAsync(server, Acme, """{"plan":"basic"}""");
        for (var i = 1; i < 5; i++) await PutAsync(server, Acme + "/overrides/minute", $$"""{"limit":{{i}}}""");
        var (path, seen) = (Acme + "/changes?limit=2", new List<string>());
        while (true)
        {
            var page = await TestServer.ReadAsync(await server.Admin.GetAsync(path));
            seen.AddRange(page.GetProperty("changes").EnumerateArray()
                .Select(change => change.GetProperty("after").GetRawText()));
            if (page.GetProperty("next").GetString() is not { } next) break;
            path = $"{Acme}/changes?limit=2&after={next}";
        }
        seen.Take(4).ShouldBe(["4", "3", "2", "1"]);
        await (await server.Admin.GetAsync("/v1/tenants/nobody/changes"))
            .ShouldBeProblemAsync(HttpStatusCode.NotFound, "unknown_tenant", "tenant");
        await (await server.Admin.GetAsync(Acme + "/changes?after=-1"))
            .ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field", "after");
    }

    [Fact]
    public async Task An_actor_is_cut_and_cannot_bring_control_characters_in()
    {
        await using var server = await TestServer.StartAsync();
        var text = "a\tb" + new string('x', 200);
        server.Admin.DefaultRequestHeaders.TryAddWithoutValidation("X-Limiter-Actor", text);
        await PutAsync(server, Acme, """{"plan":"basic"}""");
        var told = await TestServer.ReadAsync(await server.Admin.GetAsync(Acme + "/changes"));
        told.GetProperty("changes")[0].GetProperty("actor").GetString().ShouldBe("a?b" + new string('x', 97));
    }

    [Fact]
    public async Task A_write_that_asks_for_another_state_changes_nothing()
    {
        await using var server = await TestServer.StartAsync();
        using var created = await SendAsync(
            server, HttpMethod.Put, Acme, """{"plan":"basic"}""", ("If-None-Match", "*"));
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var tag = created.Headers.ETag!.ToString();
        (await server.Admin.GetAsync(Acme)).Headers.ETag!.ToString().ShouldBe(tag);
        foreach (var (header, value) in new[]
        {
            ("If-None-Match", "*"), ("If-Match", "\"999\""), ("If-Match", "W/" + tag),
        })
        {
            using var refused = await SendAsync(
                server, HttpMethod.Put, Acme, """{"plan":"professional"}""", (header, value));
            await refused.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
            refused.Headers.ETag!.ToString().ShouldBe(tag);
        }
        using var changed = await SendAsync(
            server, HttpMethod.Put, Acme + "/overrides/minute", """{"limit":5}""", ("If-Match", tag));
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var stale = await SendAsync(server, HttpMethod.Delete, Acme, null, ("If-Match", tag));
        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        using var removed = await SendAsync(
            server, HttpMethod.Delete, Acme, null, ("If-Match", changed.Headers.ETag!.ToString()));
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await SendAsync(server, HttpMethod.Put, Acme, """{"plan":"basic"}""", ("If-Match", "*"));
        await gone.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
    }

    [Fact]
    public async Task A_key_s_tag_changes_with_its_secret()
    {
        await using var server = await TestServer.StartAsync();
        await PutAsync(server, Acme, """{"plan":"basic"}""");
        using var minted = await server.Admin.PostAsync(
            Acme + "/keys", TestServer.Json("""{"name":"ci","key":"k1"}"""));
        var tag = minted.Headers.ETag!.ToString();
        const string path = Acme + "/keys/k1";
        using var rotated = await SendAsync(
            server, HttpMethod.Post, path + "/rotate", """{"overlapSeconds":9}""", ("If-Match", tag));
        rotated.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var again = await SendAsync(
            server, HttpMethod.Post, path + "/rotate", """{"overlapSeconds":9}""", ("If-Match", tag));
        again.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        using var stale = await SendAsync(server, HttpMethod.Delete, path, null, ("If-Match", tag));
        stale.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await server.Admin.GetAsync(path)).Headers.ETag!.ToString().ShouldBe(rotated.Headers.ETag!.ToString());
    }

    [Fact]
    public async Task A_suspended_tenant_is_refused_until_then_and_exempt_requests_pass()
    {
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes("""
            {
              "policy": "exempting", "plans": { "basic": { "minute": 5 } }, "exempt": ["GET /health"],
              "limits": { "minute": { "algorithm": "fixedWindow", "window": "60s" } },
              "response": { "describe": "minute", "denied": {} }
            }
            """), out var policy, out var errors).ShouldBeTrue(string.Join('\n', errors));
        await using var server = await TestServer.StartAsync(policy);
        await PutAsync(server, Acme, """{"plan":"basic"}""");
        var suspended = await TestServer.ReadAsync(await PutAsync(
            server, Acme, """{"suspended":true,"until":"2026-01-01T00:01:00Z","reason":"unpaid"}"""));
        suspended.GetProperty("suspended").GetBoolean().ShouldBeTrue();
        const string check = """{"tenant":"acme","method":"GET","path":"/"}""";
        using var refused = await server.Gateway.PostAsync("/v1/check", TestServer.Json(check));
        refused.Headers.RetryAfter!.ToString().ShouldBe("60");
        (await refused.Content.ReadAsStringAsync()).ShouldNotContain("unpaid");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "tenant_suspended", "tenant");
        using var exempt = await server.Gateway.PostAsync(
            "/v1/check", TestServer.Json("""{"method":"GET","path":"/health","credential":"lk_live_x"}"""));
        exempt.Headers.ShouldNotContain(header => header.Key.Contains("RateLimit"));
        (await exempt.Content.ReadAsStringAsync()).ShouldBe(
            """{"decision":"allowed","group":"exempt","cost":0,"mode":"exact","limits":[]}""");
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await server.Gateway.PostAsync("/v1/check", TestServer.Json(check))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.Admin.GetStringAsync(Acme)).ShouldNotContain("suspended");
    }

    [Theory]
    [InlineData("""{"suspended":true}""", "missing_field", "reason")]
    [InlineData("""{"suspended":"yes","reason":"x"}""", "invalid_field", "suspended")]
    [InlineData("""{"suspended":false,"until":"2026-01-03T00:00:00Z"}""", "conflicting_fields", "until")]
    [InlineData("""{"suspended":true,"reason":"x","until":"2025-01-03T00:00:00Z"}""", "invalid_field", "until")]
    [InlineData("""{"reason":"x"}""", "missing_field", "plan")]
    [InlineData("""{"suspended":true,"reason":"x"}""", "missing_field", "plan", "nobody")]
    public async Task A_bad_suspension_is_refused(string body, string code, string field, string tenant = "acme")
    {
        await using var server = await TestServer.StartAsync();
        await PutAsync(server, Acme, """{"plan":"basic"}""");
        using var response = await PutAsync(server, "/v1/tenants/" + tenant, body);
        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code, field);
    }

    private static string Shown(JsonElement change) =>
        $"{change.GetProperty("before").GetRawText()} {change.GetProperty("after").GetRawText()} "
        + (change.TryGetProperty("reason", out var reason) ? reason.GetString() : "");

    private static Task<HttpResponseMessage> PutAsync(TestServer server, string path, string body) =>
        server.Admin.PutAsync(path, TestServer.Json(body));

    private static Task<HttpResponseMessage> SendAsync(
        TestServer server, HttpMethod method, string path, string? body, (string Name, string Value) header)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = TestServer.Json(body);
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return server.Admin.SendAsync(request);
    }
}
