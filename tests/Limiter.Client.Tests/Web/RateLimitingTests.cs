using System.Net;
using Microsoft.AspNetCore.Builder;

namespace Limiter.Client.Tests.Web;

/// <summary>ASP.NET Core's own middleware, driven by the limiter.</summary>
public sealed class RateLimitingTests
{
    [Fact]
    public async Task It_admits_and_refuses_with_the_contract_s_headers_and_body()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(10), leaseMs: 0);
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var theirs = await TestApi.StartAsync(
            limiter, use: static app => app.UseRateLimiter(),
            add: static services => services.AddLimiterRateLimiting());
        await using var ours = await TestApi.StartAsync(limiter);
        for (var i = 0; i < 5; i++)
        {
            (await theirs.AdmittedAsync(secret, 1)).ShouldBe(1);
            (await ours.AdmittedAsync(secret, 1)).ShouldBe(1);
        }
        using var expected = await ours.SendAsync(secret);
        using var answer = await theirs.SendAsync(secret);
        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await TextAsync(answer)).ShouldBe(await TextAsync(expected));
        using var unknown = await theirs.SendAsync("lk_unknown");
        unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await limiter.LeftAsync("acme", "minute")).ShouldBe(0);
    }

    [Fact]
    public async Task A_cost_that_is_known_afterwards_is_charged()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(), leaseMs: 0);
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(
            limiter, use: static app => app.UseRateLimiter(),
            add: static services => services.AddLimiterRateLimiting(),
            map: static app => app.MapGet("/later", (Microsoft.AspNetCore.Http.HttpContext context) =>
            {
                context.SetLimiterCost(7);
                return "said";
            }));
        (await api.AdmittedAsync(secret, 1, "/later")).ShouldBe(1);
        await RealTime.UntilAsync(async () => await limiter.LeftAsync("acme", "minute") == 93, "93 are left");
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer) =>
        string.Join('\n', answer.Headers.Concat(answer.Content.Headers)
            .Where(header => header.Key is not ("Date" or "Server"))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal))
        + await answer.Content.ReadAsStringAsync();
}
