using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Limiter.Contracts.Tests.Proxy;

/// <summary>A client that calls the API through the proxy is told what a gateway is told by a check.</summary>
public sealed class ProxyContractTests
{
    private static readonly string[] Told =
        ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After", "RateLimit"];

    [Theory]
    [InlineData("workestra", "standard", "POST", "/users", 10)]
    [InlineData("workestra", "standard", "GET", "/export/contacts", 10)]
    [InlineData("workestra", "standard", "DELETE", "/deals/1", 50)]
    [InlineData("wundertre", "standard", "GET", "/api-contacts", 60)]
    [InlineData("waqti", "basic", "PUT", "/v1/vendors/3", 60)]
    [InlineData("lms", "professional", "POST", "/courses/5/export", 10)]
    [InlineData("lms", "professional", "GET", "/courses", 100)]
    [InlineData("points", "build", "POST", "/batch", 10)]
    public async Task The_same_statuses_headers_and_bodies(
        string policy, string plan, string method, string path, int admitted)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var served = await Served.StartAsync(policy, upstream: upstream.Address);
        var checkedBy = await CredentialAsync(served, "checked", plan);
        var proxied = await CredentialAsync(served, "proxied", plan);
        for (var i = 1; i <= admitted + 2; i++)
        {
            if (i == admitted + 2) await served.AdvanceAsync(TimeSpan.FromMilliseconds(300));
            var check = await served.CheckAsync(new Ask(method, path) { Credential = checkedBy });
            var answer = await SendAsync(served, method, path, proxied);
            check.Status.ShouldBe(i <= admitted ? 200 : 429);
            answer.Status.ShouldBe(i <= admitted ? 202 : 429);
            foreach (var name in Told) answer.Header(name).ShouldBe(check.Header(name), $"{name}, request {i}");
            answer.Header("X-Upstream").ShouldBe(i <= admitted ? "yes" : null);
            if (i > admitted) WithoutId(answer.Text).ShouldBe(WithoutId(check.Text));
            else answer.Text.ShouldBe($"{method} {path}");
        }
        upstream.Requests.ShouldBe(admitted);
    }

    [Theory]
    [InlineData("/proxy/AUTH/login")]
    [InlineData("/proxy/contacts/%2e%2e/auth/login")]
    [InlineData("/proxy//auth//login/")]
    [InlineData("/proxy/auth%2Flogin")]
    [InlineData("/Proxy/%61uth/login?x=1")]
    public async Task No_spelling_escapes_a_group_through_the_proxy(string target)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var served = await Served.StartAsync("workestra", upstream: upstream.Address);
        var credential = await CredentialAsync(served, "acme", "standard");
        await served.SpendAsync(new Ask("POST", "/auth/login") { Credential = credential }, 10);
        var answer = await RawClient.SendAsync(served.Address,
            $"POST {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {credential}\r\n"
            + "Content-Length: 0\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 429");
        answer.ShouldContain("X-RateLimit-Limit: 10");
        upstream.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task A_client_without_a_credential_is_counted_by_its_address()
    {
        await using var upstream = await Upstream.StartAsync();
        await using var served = await Served.StartAsync("workestra", upstream: upstream.Address);
        for (var i = 9; i >= 0; i--)
            (await SendAsync(served, "GET", "/contacts", null)).Remaining.ShouldBe($"{i}");
        (await SendAsync(served, "GET", "/contacts", null)).ShouldBeDenied(10, 0, retryAfter: 60, reset: 60);
        (await served.CheckAsync(new Ask("GET", "/") { Ip = "127.0.0.1" })).Status.ShouldBe(429);
    }

    [Theory]
    [InlineData("X-Any: thing")]
    [InlineData("Connection: Content-Type, Accept")]
    [InlineData("Connection: Authorization, Content-Length")]
    [InlineData("Connection: a b, (c), Host")]
    [InlineData("Content-Type: no type, X-Forwarded-For: nobody")]
    public async Task A_body_without_a_credential_is_forwarded_whatever_the_headers_say(string header)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var served = await Served.StartAsync("workestra", upstream: upstream.Address);
        var answer = await RawClient.SendAsync(served.Address,
            $"POST /proxy/contacts HTTP/1.1\r\nHost: x\r\n{header}\r\nContent-Length: 2\r\n\r\n{{}}"
            + "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 202");
        answer.ShouldContain("POST /contacts");
        upstream.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, "no_identity", null)]
    [InlineData("lk_nobody", "unknown_credential", "credential")]
    [InlineData(Served.AdminKey, "unknown_credential", "credential")]
    public async Task Who_is_not_known_is_not_forwarded(string? credential, string code, string? field)
    {
        await using var upstream = await Upstream.StartAsync();
        await using var served = await Served.StartAsync("waqti", upstream: upstream.Address);
        (await SendAsync(served, "GET", "/vendors", credential)).ShouldBeProblem(401, code, field);
        upstream.Requests.ShouldBe(0);
    }

    private static async Task<string> CredentialAsync(Served served, string tenant, string plan)
    {
        await served.RegisterAsync(tenant, plan);
        return await served.MintAsync(tenant, "k1");
    }

    private static async Task<Answer> SendAsync(Served served, string method, string path, string? credential)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/proxy" + path);
        if (credential is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        return await Answer.ReadAsync(await served.Anyone.SendAsync(request));
    }

    private static string WithoutId(string body) => Regex.Replace(body, "req_rl_[0-9a-f]{8}", "req_rl_");
}
