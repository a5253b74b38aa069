using System.Net;
using System.Text;
using Limiter.Domain.Policies;
using Limiter.Http.Proxy;

namespace Limiter.Http.Tests.Proxy;

public sealed class ExemptTests
{
    [Theory]
    [InlineData("/proxy/webhooks/stripe", null, HttpStatusCode.OK)]
    [InlineData("/proxy/webhooks/stripe", "Basic dTpw", HttpStatusCode.OK)]
    [InlineData("/proxy/webhooks/stripe", "Bearer lk_live_cut", HttpStatusCode.OK)]
    [InlineData("/proxy/things/../webhooks/stripe", "Basic dTpw", HttpStatusCode.OK)]
    [InlineData("/proxy/webhooks/../things", "Basic dTpw", HttpStatusCode.Unauthorized)]
    [InlineData("/proxy/things", null, HttpStatusCode.Unauthorized)]
    public async Task An_exempt_request_is_forwarded_whatever_credential_it_brings(
        string path, string? credential, HttpStatusCode status)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await TestServer.StartAsync(
            Exempting(), new ProxyOptions { Upstream = upstream.Address });
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (credential is not null) request.Headers.TryAddWithoutValidation("Authorization", credential);
        using var response = await server.Anyone.SendAsync(request);
        response.StatusCode.ShouldBe(status);
        response.Headers.ShouldNotContain(header => header.Key.Contains("RateLimit"));
        upstream.Requests.ShouldBe(status == HttpStatusCode.OK ? 1 : 0);
        if (status == HttpStatusCode.OK) upstream.Headers.ShouldContainKey("X-Forwarded-For");
    }

    [Theory]
    [InlineData("Bearer their-webhook-token", true)]
    [InlineData("Basic dTpw", true)]
    [InlineData("Bearer lk_live_cut", false)]
    public async Task An_exempt_request_s_own_credential_reaches_the_upstream_unless_it_is_of_our_form(
        string credential, bool isForwarded)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await TestServer.StartAsync(
            Exempting(), new ProxyOptions { Upstream = upstream.Address });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/proxy/webhooks/stripe");
        request.Headers.TryAddWithoutValidation("Authorization", credential);
        using var response = await server.Anyone.SendAsync(request);
        response.EnsureSuccessStatusCode();
        upstream.Headers.GetValueOrDefault("Authorization").ShouldBe(isForwarded ? credential : null);
    }

    private static Policy Exempting()
    {
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes("""
            {
              "policy": "exempting", "plans": { "basic": { "minute": 5 } }, "exempt": ["POST /webhooks/*"],
              "limits": { "minute": { "algorithm": "fixedWindow", "window": "60s" } },
              "response": { "describe": "minute", "denied": {} }
            }
            """), out var policy, out var errors).ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }
}
