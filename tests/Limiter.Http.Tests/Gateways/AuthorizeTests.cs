using System.Net;

namespace Limiter.Http.Tests.Gateways;

/// <summary>Each gateway's way of asking, as it is on the wire.</summary>
public sealed class AuthorizeTests
{
    [Theory]
    // Traefik's ForwardAuth and Caddy's forward_auth.
    // Caddy passes the query on as well.
    [InlineData("GET", "/v1/authorize?x=1&deny=403",
        "X-Forwarded-Method: GET|X-Forwarded-Uri: /things?x=1|X-Forwarded-For: 203.0.113.9")]
    // nginx' auth_request.
    [InlineData("GET", "/v1/authorize", "X-Original-Method: GET|X-Original-URI: /things?x=1")]
    // Envoy's ext_authz over HTTP, with its path prefix; the method is the request's own.
    [InlineData("GET", "/v1/authorize/things?x=1", "")]
    [InlineData("DELETE", "/v1/authorize/things?deny=200", "")]
    public async Task An_admitted_request_is_told_its_limits_until_it_is_denied(
        string method, string path, string headers)
    {
        await using var server = await TestServer.StartAsync();
        var secret = await server.RegisterAsync();
        for (var left = 59; left >= 0; left--)
        {
            using var passed = await SendAsync(server, method, path, headers, secret);
            passed.StatusCode.ShouldBe(HttpStatusCode.OK);
            passed.Headers.GetValues("X-RateLimit-Limit").ShouldBe(["60"]);
            passed.Headers.GetValues("X-RateLimit-Remaining").ShouldBe([$"{left}"]);
            (await passed.Content.ReadAsStringAsync()).ShouldBeEmpty();
        }
        using var denied = await SendAsync(server, method, path, headers, secret);
        denied.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        denied.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        (await denied.Content.ReadAsStringAsync()).ShouldContain("error");
    }

    [Fact]
    public async Task A_gateway_that_knows_only_401_and_403_gets_a_denial_as_403_with_its_headers()
    {
        await using var server = await TestServer.StartAsync();
        var secret = await server.RegisterAsync();
        const string headers = "X-Original-Method: GET|X-Original-URI: /";
        for (var i = 0; i < 60; i++)
        {
            using var passed = await SendAsync(server, "GET", "/v1/authorize?deny=403", headers, secret);
            passed.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        using var denied = await SendAsync(server, "GET", "/v1/authorize?deny=403", headers, secret);
        denied.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        denied.Headers.GetValues("X-Limiter-Status").ShouldBe(["429"]);
        denied.Headers.RetryAfter.ShouldNotBeNull();
        denied.Headers.GetValues("X-RateLimit-Remaining").ShouldBe(["0"]);
        using var unknown = await SendAsync(server, "GET", "/v1/authorize?deny=403", headers, "lk_unknown");
        unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/v1/authorize", "", "missing_field", "X-Forwarded-Uri")]
    [InlineData("/v1/authorize", "X-Forwarded-Uri: /", "missing_field", "X-Forwarded-Method")]
    [InlineData("/v1/authorize", "X-Original-Method: GET", "missing_field", "X-Original-URI")]
    [InlineData("/v1/authorize", "X-Forwarded-Method: G T|X-Forwarded-Uri: /", "invalid_field", "method")]
    [InlineData("/v1/authorize", "X-Forwarded-Method: GET|X-Forwarded-Uri: /a\\b", "invalid_path", "path")]
    [InlineData("/v1/authorize", "X-Forwarded-Method: GET|X-Forwarded-Uri: http://x/y", "invalid_path", "path")]
    [InlineData("/v1/authorize?deny=200", "X-Original-Method: GET|X-Original-URI: /", "invalid_field", "deny")]
    [InlineData("/v1/authorize?more=1", "X-Original-Method: GET|X-Original-URI: /", "unknown_field", "more")]
    public async Task What_a_gateway_tells_wrongly_is_refused(
        string path, string headers, string code, string field)
    {
        await using var server = await TestServer.StartAsync();
        var secret = await server.RegisterAsync();
        using var answer = await SendAsync(server, "GET", path, headers, secret);
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code, field);
    }

    [Theory]
    [InlineData("/v1/authorize", "X-Original-Method: GET|X-Original-URI: /|X-Forwarded-Uri: /cheap", "X-Original-URI")]
    [InlineData("/v1/authorize", "X-Forwarded-Method: GET|X-Forwarded-Uri: /|X-Original-URI: /cheap", "X-Original-URI")]
    [InlineData("/v1/authorize/dear", "X-Forwarded-Method: GET|X-Forwarded-Uri: /cheap", "X-Forwarded-Uri")]
    public async Task A_client_cannot_tell_another_path_than_its_gateway(string path, string headers, string field)
    {
        await using var server = await TestServer.StartAsync();
        var secret = await server.RegisterAsync();
        using var answer = await SendAsync(server, "GET", path, headers, secret);
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "conflicting_fields", field);
    }

    [Fact]
    public async Task A_clients_credential_is_not_the_gateways_and_the_other_way_round()
    {
        await using var server = await TestServer.StartAsync();
        var secret = await server.RegisterAsync();
        const string headers = "X-Original-Method: GET|X-Original-URI: /";
        using var client = server.Client(secret);
        using var alone = await client.SendAsync(Request("GET", "/v1/authorize", headers));
        await alone.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        using var wrong = Request("GET", "/v1/authorize", headers + "|X-Limiter-Key: wrong");
        using var refused = await server.Gateway.SendAsync(wrong);
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        // The gateway's own key in the usual header says nothing of the client: it is anonymous, which waqti has not.
        using var anonymous = await server.Gateway.SendAsync(Request("GET", "/v1/authorize", headers));
        await anonymous.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "no_identity");
        // And the header of the door opens no other call.
        using var other = Request("GET", "/v1/limits?tenant=acme", $"X-Limiter-Key: {TestServer.GatewayKey}");
        using var shut = await server.Anyone.SendAsync(other);
        await shut.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    private static async Task<HttpResponseMessage> SendAsync(
        TestServer server, string method, string path, string headers, string secret)
    {
        using var client = server.Client(secret);
        return await client.SendAsync(
            Request(method, path, $"X-Limiter-Key: {TestServer.GatewayKey}|{headers}"));
    }

    private static HttpRequestMessage Request(string method, string path, string headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
            request.Headers.TryAddWithoutValidation(header[..header.IndexOf(':')], header[(header.IndexOf(':') + 2)..]);
        return request;
    }
}
