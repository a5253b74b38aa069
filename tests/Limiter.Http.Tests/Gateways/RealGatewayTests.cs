using System.Net;
using System.Net.Http.Headers;
using Limiter.Http.Tests.Proxy;

namespace Limiter.Http.Tests.Gateways;

/// <summary>Caddy, nginx and HAProxy themselves, where this machine has them.</summary>
public sealed class RealGatewayTests
{
    private const int Number = 60;

    [Fact]
    public Task Caddy_asks_before_it_forwards() => AskAsync(
        "caddy", ["Caddyfile"], ["run", "--config", "Caddyfile", "--adapter", "caddyfile"],
        "serving initial configuration", hasBody: true);

    [Fact]
    public Task Nginx_asks_before_it_forwards() => AskAsync(
        "nginx", ["nginx.conf"],
        ["-p", "{folder}", "-e", "stderr", "-c", "{folder}nginx.conf",
            "-g", "daemon off; error_log stderr notice; pid {folder}nginx.pid;"],
        "start worker process ", hasBody: false);

    [Fact]
    public Task HAProxy_asks_before_it_forwards() => AskAsync(
        "haproxy", ["haproxy.cfg", "limiter.lua"], ["-W", "-f", "haproxy.cfg"], "Loading success", hasBody: true);

    private static async Task AskAsync(string name, string[] files, string[] arguments, string ready, bool hasBody)
    {
        var program = RunningGateway.Find(name);
        Assert.SkipWhen(program is null, $"This machine has no {name}: what it does with an answer is not tested.");
        await using var server = await TestServer.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        var secret = await server.RegisterAsync();
        using var gateway =
            await RunningGateway.StartAsync(program, files, arguments, ready, server.Address, upstream.Address);
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        for (var left = Number - 1; left >= 0; left--)
        {
            using var passed = await gateway.Client.GetAsync("/things?x=1");
            passed.StatusCode.ShouldBe(HttpStatusCode.OK, await passed.Content.ReadAsStringAsync());
            passed.Headers.GetValues("X-RateLimit-Limit").ShouldBe([$"{Number}"]);
            passed.Headers.GetValues("X-RateLimit-Remaining").ShouldBe([$"{left}"]);
        }
        using var denied = await gateway.Client.PostAsync("/things", TestServer.Json("{}"));
        denied.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        denied.Headers.RetryAfter.ShouldNotBeNull();
        denied.Headers.GetValues("X-RateLimit-Remaining").ShouldBe(["0"]);
        denied.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var body = await denied.Content.ReadAsStringAsync();
        if (hasBody) body.ShouldContain("retry");
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "lk_unknown");
        using var unknown = await gateway.Client.GetAsync("/things");
        unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await ShouldNotLetAClientChooseAsync(gateway, secret);
    }

    // Whatever a client writes into the headers by which gateways tell of it: it is denied as before.
    private static async Task ShouldNotLetAClientChooseAsync(RunningGateway gateway, string secret)
    {
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        foreach (var prefix in new[] { "X-Forwarded", "X-Original" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/things");
            request.Headers.Add(prefix + "-Method", "GET");
            request.Headers.Add(prefix + "-Uri", "/else");
            request.Headers.Add("X-Limiter-Key", "wrong");
            using var denied = await gateway.Client.SendAsync(request);
            denied.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        }
    }
}
