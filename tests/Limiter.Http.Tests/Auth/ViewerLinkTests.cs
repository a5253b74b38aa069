using System.Net;
using Limiter.Described;
using Limiter.Http.Auth;
using Limiter.Http.Surface;

namespace Limiter.Http.Tests.Auth;

public sealed class ViewerLinkTests
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    [Fact]
    public async Task A_link_is_made_for_thirty_days_unless_it_says_otherwise()
    {
        await using var server = await StartAsync();
        var made = await TestServer.ReadAsync(await server.Admin.PostAsync("/v1/tenants/acme/links", null));
        made.GetProperty("until").GetString().ShouldBe("2026-01-31T00:00:00Z");
        made.GetProperty("link").GetString().ShouldBe("/dashboard/#" + made.GetProperty("token").GetString());
        var named = await MakeAsync(server, """{"days":90,"name":"Finanzen 💶"}""");
        named.ShouldStartWith("lv_");
    }

    [Theory]
    [InlineData("""{"days":0}""", "days")]
    [InlineData("""{"days":91}""", "days")]
    [InlineData("""{"days":"1"}""", "days")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"until":"2026-01-02T00:00:00Z"}""", "until")]
    public async Task A_link_is_refused_that_asks_for_what_there_is_not(string body, string field)
    {
        await using var server = await StartAsync();
        using var refused = await server.Admin.PostAsync("/v1/tenants/acme/links", TestServer.Json(body));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain($"\"field\":\"{field}\"");
    }

    [Fact]
    public async Task Only_a_registered_tenant_has_links()
    {
        await using var server = await StartAsync();
        using var refused = await server.Admin.PostAsync("/v1/tenants/nobody/links", null);
        await refused.ShouldBeProblemAsync(HttpStatusCode.NotFound, "unknown_tenant", "tenant");
    }

    [Fact]
    public async Task A_viewer_reads_the_limits_of_its_own_tenant()
    {
        await using var server = await StartAsync();
        using var viewer = server.Client(await MakeAsync(server));
        var left = await TestServer.ReadAsync(await viewer.GetAsync("/v1/limits?tenant=acme"));
        left.GetProperty("tenant").GetString().ShouldBe("acme");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?tenant=globex")]
    [InlineData("?tenant=ACME")]
    [InlineData("?tenant=acme&tenant=globex")]
    [InlineData("?tenant=acme&credential=lk_x")]
    [InlineData("?tenant=acme&ip=203.0.113.9")]
    [InlineData("?tenant=acme&path=/x")]
    [InlineData("?ip=203.0.113.9")]
    public async Task A_viewer_reads_no_limits_but_those(string query)
    {
        await using var server = await StartAsync();
        using var viewer = server.Client(await MakeAsync(server));
        using var refused = await viewer.GetAsync("/v1/limits" + query);
        await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_viewer_is_forbidden_every_other_tenant_and_every_other_call()
    {
        await using var server = await StartAsync();
        using var viewer = server.Client(await MakeAsync(server));
        foreach (var call in server.Calls.Where(call => call.Access != Access.Anyone))
        {
            using var refused = await viewer.SendAsync(Request(call, call.ServesViewers ? "globex" : "acme"));
            await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }
        using var missing = await viewer.GetAsync("/v1/nothing");
        await missing.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_viewer_is_served_every_call_that_says_so_of_its_own_tenant()
    {
        await using var server = await StartAsync();
        using var viewer = server.Client(await MakeAsync(server));
        var served = server.Calls.Where(call => call.ServesViewers).ToArray();
        served.Select(call => call.Method).ShouldAllBe(method => method == "GET");
        foreach (var call in served)
        {
            using var answer = await viewer.SendAsync(Request(call, "acme"));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, call.Pattern);
        }
    }

    [Fact]
    public async Task A_link_ends_at_its_time_and_not_a_second_before()
    {
        await using var server = await StartAsync();
        using var viewer = server.Client(await MakeAsync(server, """{"days":1}"""));
        server.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        using var last = await viewer.GetAsync("/v1/limits?tenant=acme");
        last.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        using var ended = await viewer.GetAsync("/v1/limits?tenant=acme");
        await ended.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_link_with_any_one_character_changed_is_none()
    {
        await using var server = await StartAsync();
        var token = await MakeAsync(server);
        for (var at = 0; at < token.Length; at++)
        {
            var changed = token.ToCharArray();
            // The last character's low bits may be no part of any byte; half the alphabet away they are.
            changed[at] = Letters[(Letters.IndexOf(changed[at], StringComparison.Ordinal) + 32) % Letters.Length];
            using var forger = server.Client(new string(changed));
            using var refused = await forger.GetAsync("/v1/limits?tenant=acme");
            await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    [Theory]
    [InlineData("lv_")]
    [InlineData("lv_AQ")]
    [InlineData("lv_%")]
    [InlineData("lv_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_only_looks_like_a_link_is_none(string token)
    {
        await using var server = await StartAsync();
        using var forger = server.Client(token);
        using var refused = await forger.GetAsync("/v1/limits?tenant=acme");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_link_of_another_directory_is_none()
    {
        await using var server = await StartAsync();
        await using var other = await StartAsync();
        using var stranger = server.Client(await MakeAsync(other));
        using var refused = await stranger.GetAsync("/v1/limits?tenant=acme");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_link_ends_with_its_tenant_and_opens_nothing_of_whoever_takes_the_name_next()
    {
        await using var server = await StartAsync();
        using var viewer = server.Client(await MakeAsync(server));
        using var before = await viewer.GetAsync("/v1/limits?tenant=acme");
        before.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await server.Admin.DeleteAsync("/v1/tenants/acme")).EnsureSuccessStatusCode();
        await RefusedAsync(server, viewer);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.RegisterAsync();
        await RefusedAsync(server, viewer);
        using var next = server.Client(await MakeAsync(server));
        using var own = await next.GetAsync("/v1/limits?tenant=acme");
        own.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_link_outlives_every_other_change_of_its_tenant()
    {
        await using var server = await StartAsync();
        using var viewer = server.Client(await MakeAsync(server));
        server.Clock.Advance(TimeSpan.FromHours(1));
        await server.RegisterAsync(plan: "enterprise");
        using var after = await viewer.GetAsync("/v1/limits?tenant=acme");
        (await TestServer.ReadAsync(after)).GetProperty("plan").GetString().ShouldBe("enterprise");
    }

    [Fact]
    public async Task A_link_asks_sixty_times_at_once_and_ten_times_a_second_and_stops_no_other()
    {
        await using var server = await StartAsync();
        using var viewer = server.Client(await MakeAsync(server));
        (await CountServedAsync(viewer)).ShouldBe(60);
        using var refused = await viewer.GetAsync("/v1/usage/acme");
        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too_many_calls");
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        using var other = server.Client(await MakeAsync(server, """{"name":"another"}"""));
        using var served = await other.GetAsync("/v1/limits?tenant=acme");
        served.StatusCode.ShouldBe(HttpStatusCode.OK);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await CountServedAsync(viewer)).ShouldBe(10);
        server.Clock.Advance(TimeSpan.FromSeconds(6));
        (await CountServedAsync(viewer)).ShouldBe(60);
    }

    private static async Task<int> CountServedAsync(HttpClient viewer)
    {
        for (var served = 0; ; served++)
        {
            using var answer = await viewer.GetAsync("/v1/limits?tenant=acme");
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) return served;
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private static async Task RefusedAsync(TestServer server, HttpClient viewer)
    {
        foreach (var call in server.Calls.Where(call => call.ServesViewers))
        {
            using var refused = await viewer.SendAsync(Request(call, "acme"));
            await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    private static HttpRequestMessage Request(Operation call, string tenant)
    {
        var path = call.Pattern.Replace("{tenant}", tenant, StringComparison.Ordinal)
            .Replace("{limit}", "minute", StringComparison.Ordinal).Replace("{key}", "k", StringComparison.Ordinal);
        if (call.Pattern == "/v1/limits") path += $"?tenant={tenant}";
        var method = call.Method == Operation.AnyMethod ? "GET" : call.Method;
        return new HttpRequestMessage(new HttpMethod(method), path);
    }

    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        await server.RegisterAsync("globex");
        return server;
    }

    private static async Task<string> MakeAsync(TestServer server, string body = "{}")
    {
        var made = await server.Admin.PostAsync("/v1/tenants/acme/links", TestServer.Json(body));
        return (await TestServer.ReadAsync(made)).GetProperty("token").GetString()!;
    }
}
