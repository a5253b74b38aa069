using System.Net;
using Limiter.Described;
using Limiter.Domain;
using Limiter.Http.Auth;
using Limiter.Http.Proxy;
using Limiter.Http.Surface;
using Limiter.Http.Tests.Proxy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Limiter.Http.Tests.Security;

/// <summary>What a client writes stays what it is: text in its place.</summary>
public sealed class InjectionTests
{
    [Fact]
    public async Task Line_breaks_in_a_target_make_no_header_at_the_upstream()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await TestServer.StartAsync(proxy: new ProxyOptions { Upstream = upstream.Address });
        using var client = server.Client(await server.RegisterAsync());
        var raw = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var target = new Uri($"{server.Address}proxy/a?x=%0d%0aX-Evil:%201", raw);
        (await client.GetAsync(target)).EnsureSuccessStatusCode();
        upstream.Target.ShouldBe("/a?x=%0d%0aX-Evil:%201");
        upstream.Headers.ShouldNotContainKey("X-Evil");
        (await client.GetAsync(new Uri($"{server.Address}proxy/a%0d%0aX-Evil:%201", raw))).StatusCode
            .ShouldBe(HttpStatusCode.BadRequest);
        upstream.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"method":"GET","path":"/","a\r\nSet-Cookie: b=c":1}""")]
    [InlineData("""{"method":"GET\r\nSet-Cookie: b=c","path":"/"}""")]
    [InlineData("""{"method":"GET","path":"/","tenant":"a\r\nSet-Cookie: b=c"}""")]
    public async Task Line_breaks_in_a_field_make_no_header_in_the_answer(string body)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Gateway.PostAsync("/v1/check", TestServer.Json(body));
        ((int)response.StatusCode).ShouldBeInRange(400, 499);
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("\n");
    }

    [Fact]
    public async Task A_path_with_a_line_break_writes_one_line_in_the_log()
    {
        var logger = new Lines();
        var resource = Surface("/v1/tenants/{tenant}", logger);
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = "/v1/tenants/a\nfail: forged\r\n\u001b[31m";
        context.Request.Headers.Authorization = "Bearer admin-key";
        await resource.HandleAsync(context.Request, default);
        var line = logger.Written.ShouldHaveSingleItem();
        line.ShouldContain("/v1/tenants/a");
        line.Any(char.IsControl).ShouldBeFalse(line);
    }

    private static Resource Surface(string pattern, ILogger logger)
    {
        var guesses = new KeyGuesses(addressesAreTold: false, TimeProvider.System);
        var links = new ViewerLinks(new byte[32], TimeProvider.System);
        var viewers = new ViewerDoor(
            links, (_, _) => new ValueTask<Instant?>((Instant?)null), TimeProvider.System);
        var gate = new Gate(
            new OperatorKey("gateway-key"), new OperatorKey("admin-key"), new ProxyOptions(), guesses, viewers);
        Handler fails = (_, _) => throw new InvalidOperationException("It failed.");
        return HttpSurface.Of(gate, logger, [new Call(new Operation("GET", pattern, Access.Admin), fails)])[pattern];
    }

    /// <summary>A log as lines of text.</summary>
    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Written.Add(formatter(state, exception));
    }
}
