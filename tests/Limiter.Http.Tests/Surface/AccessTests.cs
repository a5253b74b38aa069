using System.Net;
using Limiter.Described;
using Limiter.Http.Auth;
using Limiter.Http.Surface;

namespace Limiter.Http.Tests.Surface;

public sealed class AccessTests
{
    [Fact]
    public async Task Every_call_with_a_key_refuses_those_without_one()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var call in server.Calls.Where(call => call.Access != Access.Anyone))
        {
            foreach (var key in new[] { null, "wrong", "gateway-key ", "Basic x" })
            {
                using var client = server.Client(null);
                using var request = Request(call);
                if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}x");
                using var response = await client.SendAsync(request);
                await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
                response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
            }
        }
    }

    [Fact]
    public async Task The_gateway_key_opens_the_gateway_s_calls_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var call in server.Calls.Where(call => call.Access != Access.Anyone))
        {
            using var response = await server.Gateway.SendAsync(Request(call));
            if (call.Access == Access.Admin)
                await response.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
            else
                (await response.Content.ReadAsStringAsync()).ShouldNotContain("\"code\":\"unauthorized\"");
        }
    }

    [Fact]
    public async Task The_admin_key_opens_every_call()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var call in server.Calls.Where(call => call.Access != Access.Anyone))
        {
            using var response = await server.Admin.SendAsync(Request(call));
            (await response.Content.ReadAsStringAsync()).ShouldNotContain("\"code\":\"unauthorized\"");
            ((int)response.StatusCode).ShouldBeLessThan(500);
        }
    }

    [Theory]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    [InlineData("/V1/nothing")]
    [InlineData("/v1/tenants/a/b/c/d")]
    [InlineData("/v1//check")]
    [InlineData("/v1/explain.json")]
    public async Task A_path_that_is_not_there_asks_for_the_key_before_it_says_so(string path)
    {
        await using var server = await TestServer.StartAsync();
        using var refused = await server.Anyone.GetAsync(path);
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        using var told = await server.Gateway.GetAsync(path);
        await told.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_method_that_is_not_there_asks_for_the_key_before_it_says_so()
    {
        await using var server = await TestServer.StartAsync();
        using var refused = await server.Anyone.GetAsync("/v1/check");
        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        using var told = await server.Gateway.GetAsync("/v1/check");
        await told.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        told.Content.Headers.Allow.ShouldBe(["POST"]);
        using var others = await server.Gateway.DeleteAsync("/v1/tenants");
        await others.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/dev/clock")]
    [InlineData("/v1/tenants")]
    [InlineData("/v1/tenants/nobody")]
    [InlineData("/v1/limits?ip=x")]
    public async Task HEAD_is_answered_like_GET_without_the_body(string path)
    {
        await using var server = await TestServer.StartAsync();
        using var get = await server.Admin.GetAsync(path);
        using var head = await server.Admin.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        head.StatusCode.ShouldBe(get.StatusCode);
        head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType);
        head.Content.Headers.ContentLength.ShouldBe((await get.Content.ReadAsByteArrayAsync()).Length);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_takes_GET_says_that_it_takes_HEAD()
    {
        await using var server = await TestServer.StartAsync();
        using var told = await server.Anyone.PostAsync("/healthz", null);
        told.Content.Headers.Allow.ShouldBe(["GET", "HEAD"]);
    }

    [Fact]
    public async Task A_path_outside_v1_that_is_not_there_is_404_for_anyone()
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Anyone.GetAsync("/favicon.ico");
        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Two_authorization_headers_are_no_key()
    {
        await using var server = await TestServer.StartAsync();
        var answer = await RawHttp.SendAsync(server.Address,
            $"GET /v1/limits HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TestServer.GatewayKey}\r\n"
            + $"Authorization: Bearer {TestServer.GatewayKey}\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 401");
    }

    [Fact]
    public async Task The_table_holds_every_call_of_this_version_once()
    {
        await using var server = await TestServer.StartAsync();
        var calls = server.Calls.Select(call => $"{call.Method} {call.Pattern} {call.Access}").ToArray();
        calls.ShouldBeUnique();
        calls.Length.ShouldBe(41);
    }

    private static HttpRequestMessage Request(Operation call)
    {
        var path = call.Pattern.Replace("{tenant}", "nobody", StringComparison.Ordinal)
            .Replace("{limit}", "minute", StringComparison.Ordinal).Replace("{key}", "k", StringComparison.Ordinal);
        // It would go on for an hour.
        if (path == "/v1/live") path += "?seconds=1";
        var request = new HttpRequestMessage(new HttpMethod(call.Method), path);
        if (call.Method is "POST" or "PUT") request.Content = TestServer.Json("{}");
        return request;
    }
}
