using System.Net;
using Limiter.Http.Proxy;
using Limiter.Http.Tests.Proxy;

namespace Limiter.Http.Tests.Security;

/// <summary>The proxy asks one place, whatever a client or an answer says.</summary>
public sealed class UpstreamTrustTests
{
    [Fact]
    public async Task A_redirect_is_the_client_s_to_follow()
    {
        await using var other = await TestUpstream.StartAsync();
        await using var upstream = await TestUpstream.StartAsync(context =>
        {
            context.Response.Redirect(new Uri(other.Address, "/inside").ToString());
            return Task.CompletedTask;
        });
        await using var server = await TestServer.StartAsync(proxy: new ProxyOptions { Upstream = upstream.Address });
        using var client = server.Client(await server.RegisterAsync());
        using var response = await client.GetAsync("/proxy/x");
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        other.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("Host: {other}")]
    [InlineData("X-Forwarded-Host: {other}")]
    [InlineData("X-Original-Host: {other}")]
    [InlineData("Forwarded: host={other}")]
    public async Task No_header_names_another_place(string header)
    {
        await using var other = await TestUpstream.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await TestServer.StartAsync(proxy: new ProxyOptions { Upstream = upstream.Address });
        var secret = await server.RegisterAsync();
        var line = header.Replace("{other}", other.Address.Authority, StringComparison.Ordinal);
        var host = line.StartsWith("Host", StringComparison.Ordinal) ? "" : "Host: api.example\r\n";
        var answer = await RawHttp.SendAsync(server.Address,
            $"GET /proxy/x HTTP/1.1\r\n{host}{line}\r\nAuthorization: Bearer {secret}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200");
        (upstream.Requests, other.Requests).ShouldBe((1, 0));
        upstream.Headers["Host"].ShouldBe(upstream.Address.Authority);
    }
}
