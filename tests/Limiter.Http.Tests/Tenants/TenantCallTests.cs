using System.Net;

namespace Limiter.Http.Tests.Tenants;

public sealed class TenantCallTests
{
    private const string Acme = "/v1/tenants/acme";

    [Fact]
    public async Task A_tenant_is_registered_read_changed_and_removed()
    {
        await using var server = await TestServer.StartAsync();
        (await PutAsync(server, Acme, """{"plan":"basic","overrides":{"minute":500}}""")).StatusCode
            .ShouldBe(HttpStatusCode.Created);
        (await PutAsync(server, Acme, """{"plan":"professional"}""")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var tenant = await TestServer.ReadAsync(await server.Admin.GetAsync(Acme));
        tenant.GetProperty("plan").GetString().ShouldBe("professional");
        tenant.GetProperty("overrides").GetProperty("minute").GetInt64().ShouldBe(500);
        tenant.GetProperty("createdAt").GetString().ShouldBe("2026-01-01T00:00:00Z");
        (await server.Admin.DeleteAsync(Acme)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await server.Admin.GetAsync(Acme))
            .ShouldBeProblemAsync(HttpStatusCode.NotFound, "unknown_tenant", "tenant");
        await (await server.Admin.DeleteAsync(Acme))
            .ShouldBeProblemAsync(HttpStatusCode.NotFound, "unknown_tenant", "tenant");
    }

    [Theory]
    [InlineData("/v1/tenants/acme", "{}", 400, "missing_field", "plan")]
    [InlineData("/v1/tenants/acme", """{"plan":"gold"}""", 400, "unknown_plan", "plan")]
    [InlineData("/v1/tenants/-acme", """{"plan":"basic"}""", 400, "invalid_field", "tenant")]
    [InlineData("/v1/tenants/acme", """{"plan":"basic","overrides":[]}""", 400, "invalid_field", "overrides")]
    [InlineData("/v1/tenants/acme", """{"plan":"basic","overrides":{"x":1}}""", 400, "unknown_limit", "overrides.x")]
    [InlineData("/v1/tenants/acme",
        """{"plan":"basic","overrides":{"minute":-1}}""", 400, "invalid_field", "overrides.minute")]
    [InlineData("/v1/tenants/bob/overrides/hour", """{"limit":1}""", 404, "unknown_limit", "limit")]
    [InlineData("/v1/tenants/nobody/overrides/minute", """{"limit":1}""", 404, "unknown_tenant", "tenant")]
    [InlineData("/v1/tenants/bob/overrides/minute", """{"limit":"many"}""", 400, "invalid_field", "limit")]
    [InlineData("/v1/tenants/bob/overrides/minute", """{"limit":1000000001}""", 400, "invalid_field", "limit")]
    [InlineData("/v1/tenants/bob/adjustments/minute", """{"factor":1,"reason":"r"}""", 400, "missing_field", "until")]
    [InlineData("/v1/tenants/bob/adjustments/minute",
        """{"factor":1,"limit":1,"until":"2026-01-01T01:00:00Z","reason":"r"}""", 400, "conflicting_fields", "limit")]
    [InlineData("/v1/tenants/bob/adjustments/minute",
        """{"factor":-0.5,"until":"2026-01-01T01:00:00Z","reason":"r"}""", 400, "invalid_field", "factor")]
    [InlineData("/v1/tenants/bob/adjustments/minute",
        """{"factor":0.0000001,"until":"2026-01-01T01:00:00Z","reason":"r"}""", 400, "invalid_field", "factor")]
    [InlineData("/v1/tenants/bob/adjustments/minute",
        """{"factor":1,"until":"2026-01-01T00:00:00Z","reason":"r"}""", 400, "invalid_field", "until")]
    [InlineData("/v1/tenants/bob/adjustments/minute",
        """{"factor":1,"until":"2027-01-03T00:00:00Z","reason":"r"}""", 400, "invalid_field", "until")]
    [InlineData("/v1/tenants/bob/adjustments/minute",
        """{"factor":1,"until":"2026-01-01T01:00:00","reason":"r"}""", 400, "invalid_field", "until")]
    public async Task A_wrong_change_is_a_problem_that_names_its_field(
        string path, string body, int status, string code, string field)
    {
        await using var server = await TestServer.StartAsync();
        await PutAsync(server, "/v1/tenants/bob", """{"plan":"basic"}""");
        using var response = await PutAsync(server, path, body);
        await response.ShouldBeProblemAsync((HttpStatusCode)status, code, field);
    }

    [Fact]
    public async Task A_negotiated_plan_is_registered_with_its_numbers_or_not_at_all()
    {
        await using var server = await TestServer.StartAsync(Policies.Shipped("lms"));
        using var response = await PutAsync(server, Acme, """{"plan":"custom","overrides":{"hour":5}}""");
        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "missing_numbers", "overrides");
        problem.GetProperty("detail").GetString()!.ShouldContain("burst");
        (await PutAsync(server, Acme, """{"plan":"custom","overrides":{"hour":5,"burst":2}}""")).StatusCode
            .ShouldBe(HttpStatusCode.Created);
        using var removal = await server.Admin.DeleteAsync(Acme + "/overrides/hour");
        await removal.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "missing_numbers", "overrides");
    }

    [Fact]
    public async Task Tenants_are_listed_in_pages()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var name in new[] { "c", "a", "b" })
            await PutAsync(server, $"/v1/tenants/{name}", """{"plan":"basic"}""");
        var first = await TestServer.ReadAsync(await server.Admin.GetAsync("/v1/tenants?limit=2"));
        first.GetProperty("tenants").EnumerateArray().Select(tenant => tenant.GetProperty("tenant").GetString())
            .ShouldBe(["a", "b"]);
        var next = first.GetProperty("next").GetString();
        var last = await TestServer.ReadAsync(await server.Admin.GetAsync($"/v1/tenants?limit=2&after={next}"));
        last.GetProperty("tenants")[0].GetProperty("tenant").GetString().ShouldBe("c");
        last.GetProperty("next").GetString().ShouldBeNull();
        foreach (var limit in new[] { "0", "1001", "x" })
            await (await server.Admin.GetAsync($"/v1/tenants?limit={limit}"))
                .ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field", "limit");
    }

    [Fact]
    public async Task A_key_s_secret_is_shown_once_and_serves_until_it_is_revoked()
    {
        await using var server = await TestServer.StartAsync();
        await PutAsync(server, Acme, """{"plan":"basic"}""");
        using var minting = TestServer.Json("""{"name":"ci","key":"k1"}""");
        var minted = await TestServer.ReadAsync(await server.Admin.PostAsync(Acme + "/keys", minting));
        var secret = minted.GetProperty("secret").GetString()!;
        secret.ShouldStartWith("lk_live_");
        secret.Length.ShouldBe(8 + 43 + 6);
        (await server.Admin.GetStringAsync(Acme)).ShouldNotContain(secret);
        var check = $$"""{"credential":"{{secret}}","method":"GET","path":"/"}""";
        (await server.Gateway.PostAsync("/v1/check", TestServer.Json(check))).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var again = await server.Admin.PostAsync(Acme + "/keys", TestServer.Json("""{"name":"ci","key":"k1"}"""));
        await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "key_exists", "key");
        (await server.Admin.DeleteAsync(Acme + "/keys/k1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var revoked = await server.Gateway.PostAsync("/v1/check", TestServer.Json(check));
        await revoked.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unknown_credential", "credential");
    }

    [Fact]
    public async Task An_override_and_an_adjustment_bind_at_once_and_the_adjustment_ends_by_itself()
    {
        await using var server = await TestServer.StartAsync();
        await PutAsync(server, Acme, """{"plan":"basic"}""");
        (await PutAsync(server, Acme + "/overrides/minute", """{"limit":500}""")).EnsureSuccessStatusCode();
        (await LimitAsync(server)).ShouldBe(500);
        var adjusted = await TestServer.ReadAsync(await PutAsync(server, Acme + "/adjustments/minute",
            """{"factor":0.5,"until":"2026-01-01T01:00:00Z","reason":"scraping"}"""));
        adjusted.GetProperty("adjustments").GetProperty("minute").GetRawText()
            .ShouldBe("""{"factor":0.5,"until":"2026-01-01T01:00:00Z","reason":"scraping"}""");
        (await LimitAsync(server)).ShouldBe(250);
        server.Clock.Advance(TimeSpan.FromHours(1));
        (await LimitAsync(server)).ShouldBe(500);
        (await server.Admin.DeleteAsync(Acme + "/overrides/minute")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await LimitAsync(server)).ShouldBe(60);
        await (await server.Admin.DeleteAsync(Acme + "/overrides/minute"))
            .ShouldBeProblemAsync(HttpStatusCode.NotFound, "no_such_override", "limit");
        await (await server.Admin.DeleteAsync(Acme + "/adjustments/minute"))
            .ShouldBeProblemAsync(HttpStatusCode.NotFound, "no_such_adjustment", "limit");
    }

    private static Task<HttpResponseMessage> PutAsync(TestServer server, string path, string body) =>
        server.Admin.PutAsync(path, TestServer.Json(body));

    private static async Task<long> LimitAsync(TestServer server)
    {
        var left = await TestServer.ReadAsync(await server.Gateway.GetAsync("/v1/limits?tenant=acme"));
        return left.GetProperty("limits")[0].GetProperty("limit").GetInt64();
    }
}
