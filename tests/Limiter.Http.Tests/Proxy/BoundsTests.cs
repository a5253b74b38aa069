using System.Net;
using Limiter.Http.Proxy;

namespace Limiter.Http.Tests.Proxy;

/// <summary>What the proxy refuses to forward, and what it cannot know.</summary>
public sealed class BoundsTests
{
    [Fact]
    public async Task A_path_that_is_too_long_is_told_so()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await StartAsync(upstream);
        using var client = server.Client(await server.RegisterAsync());
        using var response = await client.GetAsync("/proxy/" + new string('a', 8_200));
        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "path_too_long", "path");
        upstream.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("X-Hop", true)]
    [InlineData("close, X-Hop", false)]
    [InlineData("X-Hop, close", false)]
    [InlineData("keep-alive, X-Hop", false)]
    [InlineData("X-Hop, keep-alive", false)]
    public async Task Headers_that_Connection_names_stay_behind_where_Kestrel_keeps_them(string connection, bool known)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await StartAsync(upstream);
        var secret = await server.RegisterAsync();
        await RawHttp.SendAsync(server.Address,
            $"GET /proxy/x HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer {secret}\r\nX-Hop: 1\r\n"
            + $"Connection: {connection}\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        upstream.Headers.ContainsKey("X-Hop").ShouldBe(!known);
    }

    private static Task<TestServer> StartAsync(TestUpstream upstream) =>
        TestServer.StartAsync(proxy: new ProxyOptions { Upstream = upstream.Address });
}
