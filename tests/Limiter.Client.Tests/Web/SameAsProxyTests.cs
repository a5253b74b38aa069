using System.Text;
using System.Text.RegularExpressions;

namespace Limiter.Client.Tests.Web;

/// <summary>A client of the API cannot tell whether the proxy or the middleware stands before it.</summary>
public sealed partial class SameAsProxyTests
{
    [Theory]
    [InlineData("waqti")]
    [InlineData("lms")]
    [InlineData("points")]
    [InlineData("workestra")]
    [InlineData("wundertre")]
    public async Task Requests_are_answered_as_by_the_proxy_up_to_the_limit_and_beyond(string policy)
    {
        await using var world = await WorldAsync(policy);
        string?[] credentials = ["{secret}", "{secret}", "{secret}", null, "lk_unknown", "Basic x"];
        string[] paths = ["/auth/login", "/things?x=1%2F2", "/a%5Cb", "/export/1", "/a/%2e%2e/b", "/"];
        var statuses = new HashSet<int>();
        for (var i = 0; i < 400; i++)
        {
            var method = i % 7 == 0 ? "POST" : i % 31 == 0 ? "HEAD" : "GET";
            var accept = i % 3 == 0 ? "application/vnd.limiter.decision+json" : "application/json";
            var path = i % 5 == 0 ? paths[i / 5 % paths.Length] : "/things";
            statuses.Add(await world.AskAsync(method, path, credentials[i % credentials.Length], accept));
            if (i % 50 == 49) world.Advance(TimeSpan.FromMilliseconds(1_300));
        }
        statuses.ShouldContain(200);
        statuses.ShouldContain(400);
        statuses.ShouldContain(401);
        if (policy != "lms") statuses.ShouldContain(429);
    }

    [Fact]
    public async Task A_suspended_tenant_is_answered_as_by_the_proxy()
    {
        await using var world = await WorldAsync("waqti");
        (await world.AskAsync("GET", "/things", "{secret}", "*/*")).ShouldBe(200);
        await world.SuspendAsync();
        world.Advance(TimeSpan.FromMinutes(1));
        (await world.AskAsync("GET", "/things", "{secret}", "*/*")).ShouldBe(403);
    }

    private static async Task<World> WorldAsync(string policy)
    {
        var bare = await TestApi.StartAsync();
        var proxied = await TestLimiter.StartAsync(Policies.Shipped(policy), 0, upstream: bare.Address);
        var limiter = await TestLimiter.StartAsync(Policies.Shipped(policy), 0);
        var plan = proxied.Policy.Plans.First(plan => plan != proxied.Policy.Anonymous).Name;
        string[] secrets = [await proxied.RegisterAsync("acme", plan), await limiter.RegisterAsync("acme", plan)];
        return new World(bare, proxied, limiter, await TestApi.StartAsync(limiter), secrets);
    }

    private sealed partial class World(
        TestApi bare, TestLimiter proxied, TestLimiter limiter, TestApi limited, string[] secrets) : IAsyncDisposable
    {
        private readonly HttpClient _client =
            new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

        public async Task<int> AskAsync(string method, string path, string? credential, string accept)
        {
            var expected = await AskAsync(proxied.Address, method, "/proxy" + path, credential, accept, secrets[0]);
            var answer = await AskAsync(limited.Address, method, path, credential, accept, secrets[1]);
            answer.ShouldBe(expected, $"{method} {path} {credential}");
            return int.Parse(answer[..3]);
        }

        public void Advance(TimeSpan by)
        {
            proxied.Manual.Advance(by);
            limiter.Manual.Advance(by);
        }

        public async Task SuspendAsync()
        {
            foreach (var one in new[] { proxied, limiter })
                await one.SendAsync(
                    HttpMethod.Put, "/v1/tenants/acme", """{"suspended":true,"reason":"unpaid"}""");
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await limited.DisposeAsync();
            await limiter.DisposeAsync();
            await proxied.DisposeAsync();
            await bare.DisposeAsync();
        }

        private async Task<string> AskAsync(
            Uri host, string method, string path, string? credential, string accept, string secret)
        {
            var raw = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
            using var request = new HttpRequestMessage(
                new HttpMethod(method), new Uri(host.GetLeftPart(UriPartial.Authority) + path, raw));
            if (credential is not null)
                request.Headers.TryAddWithoutValidation("Authorization", credential.Contains(' ')
                    ? credential
                    : "Bearer " + credential.Replace("{secret}", secret, StringComparison.Ordinal));
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await _client.SendAsync(request);
            var body = Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync());
            var headers = response.Headers.Concat(response.Content.Headers)
                .Where(header => header.Key is not ("Date" or "Server"))
                .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);
            return $"{(int)response.StatusCode}\n{string.Join('\n', headers)}\n\n{RequestId().Replace(body, "~")}";
        }

        [GeneratedRegex("""(?<="request_id":"req_rl_)[^"]*""")]
        private static partial Regex RequestId();
    }
}
