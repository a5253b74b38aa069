using System.Net;
using System.Net.Http.Headers;
using Limiter.Http.Proxy;

namespace Limiter.Http.Tests.Proxy;

public sealed class ForwardingTests
{
    [Theory]
    [InlineData("/proxy/contacts", "/contacts")]
    [InlineData("/proxy/contacts?x=1&y=%2e%2e%2f", "/contacts?x=1&y=%2e%2e%2f")]
    [InlineData("/proxy/a%2Fb//c/./d/../e/", "/a/b/c/e")]
    [InlineData("/proxy/%61bc/%C3%A9/a%20b", "/abc/%C3%A9/a%20b")]
    [InlineData("/proxy/100%25", "/100%25")]
    [InlineData("/proxy/a%3Fb%23c", "/a%3Fb%23c")]
    [InlineData("/proxy//evil.example/x", "/evil.example/x")]
    [InlineData("/proxy/http://evil.example/x", "/http:/evil.example/x")]
    [InlineData("/proxy/@evil.example", "/@evil.example")]
    [InlineData("/proxy", "/")]
    [InlineData("/proxy/", "/")]
    [InlineData("/PROXY/Contacts", "/Contacts")]
    public async Task What_is_matched_is_what_is_forwarded(string path, string forwarded)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await StartAsync(upstream);
        var secret = await server.RegisterAsync();
        var answer = await RawHttp.SendAsync(server.Address,
            $"GET {path} HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer {secret}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200");
        upstream.Target.ShouldBe(forwarded);
    }

    [Theory]
    [InlineData("/proxy/a%252fb")]
    [InlineData("/proxy/a%5Cb")]
    [InlineData("/proxy/a%01b")]
    [InlineData("/proxy/%ff")]
    public async Task A_path_without_a_normal_form_is_not_forwarded(string path)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await StartAsync(upstream);
        var secret = await server.RegisterAsync();
        var answer = await RawHttp.SendAsync(server.Address,
            $"GET {path} HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer {secret}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 400");
        upstream.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task A_target_in_absolute_form_still_goes_to_the_upstream_only()
    {
        await using var other = await TestUpstream.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await StartAsync(upstream);
        var secret = await server.RegisterAsync();
        var answer = await RawHttp.SendAsync(server.Address,
            $"GET {other.Address}proxy/x HTTP/1.1\r\nHost: {other.Address.Authority}\r\n"
            + $"Authorization: Bearer {secret}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200");
        other.Requests.ShouldBe(0);
        upstream.Target.ShouldBe("/x");
    }

    [Fact]
    public async Task The_upstream_s_base_path_stands_before_every_path()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await TestServer.StartAsync(
            proxy: new ProxyOptions { Upstream = new Uri(upstream.Address, "/base/") });
        using var client = server.Client(await server.RegisterAsync());
        (await client.GetAsync("/proxy/../proxy/x")).StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Target.ShouldBe("/base/x");
    }

    [Fact]
    public async Task The_credential_and_the_headers_of_the_way_stay_behind()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await StartAsync(upstream);
        var secret = await server.RegisterAsync();
        var answer = await RawHttp.SendAsync(server.Address,
            $"GET /proxy/x HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer {secret}\r\n"
            + "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Prefix: /p\r\nForwarded: for=198.51.100.1\r\n"
            + "X-Original-URL: /admin\r\nX-MS-Client-Principal: root\r\nX-Real-IP: 198.51.100.1\r\n"
            + "X-Hop: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nX-Kept: yes\r\nConnection: X-Hop\r\n\r\n"
            + "GET / HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200");
        foreach (var gone in new[]
        {
            "Authorization", "X-Forwarded-Prefix", "Forwarded", "X-Original-URL", "X-MS-Client-Principal", "X-Real-IP",
            "X-Hop", "Keep-Alive",
        }) upstream.Headers.ShouldNotContainKey(gone);
        upstream.Headers["X-Kept"].ShouldBe("yes");
        upstream.Headers["X-Forwarded-For"].ShouldBe("127.0.0.1");
        upstream.Headers["X-Forwarded-Proto"].ShouldBe("http");
        upstream.Headers["X-Forwarded-Host"].ShouldBe("api.example");
        upstream.Headers["Host"].ShouldBe(upstream.Address.Authority);
    }

    [Fact]
    public async Task A_credential_in_a_header_of_its_own_leaves_Authorization_to_the_upstream()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await TestServer.StartAsync(
            proxy: new ProxyOptions { Upstream = upstream.Address, CredentialHeader = "X-Api-Key" });
        var secret = await server.RegisterAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/proxy/x");
        request.Headers.Add("X-Api-Key", secret);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", "dTpw");
        (await server.Anyone.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Headers.ShouldNotContainKey("X-Api-Key");
        upstream.Headers["Authorization"].ShouldBe("Basic dTpw");
    }

    [Fact]
    public async Task The_limit_s_headers_replace_the_upstream_s_own()
    {
        await using var upstream = await TestUpstream.StartAsync(context =>
        {
            context.Response.Headers["X-RateLimit-Limit"] = "999999";
            context.Response.Headers["RateLimit"] = "\"x\";r=1";
            context.Response.Headers["X-Kept"] = "yes";
            context.Response.StatusCode = 418;
            return Task.CompletedTask;
        });
        await using var server = await StartAsync(upstream);
        using var client = server.Client(await server.RegisterAsync());
        using var response = await client.GetAsync("/proxy/x");
        ((int)response.StatusCode).ShouldBe(418);
        response.Headers.GetValues("X-RateLimit-Limit").ShouldBe(["60"]);
        response.Headers.GetValues("X-RateLimit-Remaining").ShouldBe(["59"]);
        response.Headers.GetValues("X-Kept").ShouldBe(["yes"]);
        response.Headers.Contains("RateLimit").ShouldBeFalse();
    }

    [Fact]
    public async Task A_denied_request_is_answered_by_the_contract_and_not_forwarded()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await StartAsync(upstream);
        using var client = server.Client(await server.RegisterAsync());
        for (var i = 0; i < 60; i++) (await client.GetAsync("/proxy/x")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var denied = await client.GetAsync("/proxy/x");
        denied.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        denied.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(60));
        (await denied.Content.ReadAsStringAsync()).ShouldContain("RATE_LIMIT_EXCEEDED");
        upstream.Requests.ShouldBe(60);
    }

    [Theory]
    [InlineData(null, "no_identity", null)]
    [InlineData("Bearer nobody", "unknown_credential", "credential")]
    [InlineData("Basic dTpw", "unknown_credential", "credential")]
    public async Task A_caller_that_is_not_known_is_not_forwarded(string? authorization, string code, string? field)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await StartAsync(upstream);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/proxy/x");
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await server.Anyone.SendAsync(request);
        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, code, field);
        upstream.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task Anonymous_callers_are_counted_by_the_peer_s_address_whatever_a_header_says()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await TestServer.StartAsync(
            Policies.Shipped("workestra"), new ProxyOptions { Upstream = upstream.Address });
        for (var i = 0; i < 11; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/proxy/x");
            request.Headers.Add("X-Forwarded-For", $"198.51.100.{i}");
            using var response = await server.Anyone.SendAsync(request);
            response.StatusCode.ShouldBe(i < 10 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests);
        }
    }

    [Fact]
    public async Task A_trusted_header_s_last_address_is_the_client()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await TestServer.StartAsync(Policies.Shipped("workestra"),
            new ProxyOptions { Upstream = upstream.Address, ClientAddressHeader = "X-Forwarded-For" });
        for (var i = 0; i < 12; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/proxy/x");
            request.Headers.Add("X-Forwarded-For", $"198.51.100.9, 203.0.113.{i}:4711");
            using var response = await server.Anyone.SendAsync(request);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            upstream.Headers["X-Forwarded-For"].ShouldBe($"203.0.113.{i}");
        }
    }

    private static Task<TestServer> StartAsync(TestUpstream upstream) =>
        TestServer.StartAsync(proxy: new ProxyOptions { Upstream = upstream.Address });
}
