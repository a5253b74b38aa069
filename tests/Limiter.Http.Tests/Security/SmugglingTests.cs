using Limiter.Http.Proxy;
using Limiter.Http.Tests.Proxy;

namespace Limiter.Http.Tests.Security;

/// <summary>
/// Requests whose end two readers may see in different places: none brings a second one past the check.
/// </summary>
public sealed class SmugglingTests
{
    private const string Smuggled = "GET /admin HTTP/1.1\r\nHost: x\r\n\r\n";

    // Headers with bodies that end somewhere else to whoever goes by the other header.
    public static TheoryData<string> Ambiguous { get; } = new(
        $"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}",
        $"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{Smuggled}",
        $"Content-Length: 0\r\nContent-Length: {Smuggled.Length}\r\n\r\n{Smuggled}",
        $"Content-Length: 0, {Smuggled.Length}\r\n\r\n{Smuggled}",
        $"Content-Length: +{Smuggled.Length}\r\n\r\n{Smuggled}",
        $"Content-Length: -1\r\n\r\n{Smuggled}",
        $"Content-Length : 0\r\n\r\n{Smuggled}",
        $"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{Smuggled}",
        $"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{Smuggled}",
        $"Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n{Smuggled}",
        $"Transfer-Encoding: chunked\r\n\r\nz\r\n\r\n{Smuggled}",
        $"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n{Smuggled}",
        $"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n\r\n{Smuggled}",
        $"X: y\r\n Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}",
        $"X: y\rTransfer-Encoding: chunked\r\n\r\n{Smuggled}");

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task A_second_request_inside_the_first_never_reaches_the_upstream(string rest)
    {
        var targets = new List<string>();
        await using var upstream = await TestUpstream.StartAsync(async context =>
        {
            lock (targets) targets.Add(context.Request.Path);
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await using var server = await TestServer.StartAsync(proxy: new ProxyOptions { Upstream = upstream.Address });
        var secret = await server.RegisterAsync();
        var answer = await RawHttp.SendAsync(server.Address,
            $"POST /proxy/first HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\nConnection: close\r\n{rest}");
        answer.ShouldStartWith("HTTP/1.1 ");
        // Another client's request afterwards is the upstream's next, whatever was left on its connection.
        using var client = server.Client(secret);
        (await client.GetAsync("/proxy/last")).EnsureSuccessStatusCode();
        lock (targets)
        {
            targets.ShouldNotContain("/admin");
            targets.Count(target => target == "/first").ShouldBeLessThanOrEqualTo(1);
            targets[^1].ShouldBe("/last");
        }
    }

    [Fact]
    public async Task A_request_behind_another_on_one_connection_needs_a_credential_of_its_own()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await TestServer.StartAsync(proxy: new ProxyOptions { Upstream = upstream.Address });
        var secret = await server.RegisterAsync();
        var answer = await RawHttp.SendAsync(server.Address,
            $"GET /proxy/first HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n\r\n"
            + "GET /proxy/second HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldContain("HTTP/1.1 401");
        upstream.Requests.ShouldBe(1);
    }
}
