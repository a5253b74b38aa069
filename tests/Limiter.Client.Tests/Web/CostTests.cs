using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Limiter.Client.Tests.Web;

/// <summary>What endpoints say of their cost, before and after.</summary>
public sealed class CostTests
{
    [Fact]
    public async Task An_endpoint_s_own_cost_is_charged()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of());
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await StartAsync(limiter);
        using var answer = await api.SendAsync(secret, "/five");
        Remaining(answer).ShouldBe(95);
        (await api.AdmittedAsync(secret, 100, "/five")).ShouldBe(19);
    }

    [Fact]
    public async Task Too_many_records_are_refused_and_nothing_is_consumed()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of());
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await StartAsync(limiter);
        using var refused = await api.SendAsync(secret, "/bulk?records=51", "POST");
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("code").GetString().ShouldBe("too_many_records");
        problem.RootElement.GetProperty("cap").GetInt32().ShouldBe(50);
        Remaining(refused).ShouldBe(100);
        using var passed = await api.SendAsync(secret, "/bulk?records=50", "POST");
        Remaining(passed).ShouldBe(99);
    }

    [Theory]
    [InlineData("/later?cost=7", 93)]
    [InlineData("/cheaper?cost=2", 98)]
    [InlineData("/later?cost=1", 99)]
    [InlineData("/failing?cost=7", 93)]
    public async Task A_cost_that_is_known_afterwards_is_charged_once(string path, long left)
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(), leaseMs: 0);
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await StartAsync(limiter);
        using var answer = await api.SendAsync(secret, path);
        await RealTime.UntilAsync(async () => await limiter.LeftAsync("acme", "minute") == left, $"{left} are left");
        await RealTime.UntilAsync(() => !api.Checker.IsAsking, "no correction is under way");
        (await limiter.LeftAsync("acme", "minute")).ShouldBe(left);
    }

    [Fact]
    public async Task A_cost_that_the_policy_does_not_allow_is_an_error_of_the_endpoint()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of());
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await StartAsync(limiter);
        using var answer = await api.SendAsync(secret, "/later?cost=51");
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await limiter.LeftAsync("acme", "minute")).ShouldBeLessThan(100);
    }

    [Fact]
    public async Task A_request_that_error_handling_sends_round_again_is_charged_once_and_keeps_its_headers()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(), leaseMs: 0);
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter, map: Map, use: app =>
        {
            app.UseExceptionHandler("/sorry");
            app.UseLimiter();
        });
        using var answer = await api.SendAsync(secret, "/failing");
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("sorry");
        Remaining(answer).ShouldBe(99);
        (await limiter.LeftAsync("acme", "minute")).ShouldBe(99);
    }

    [Fact]
    public async Task An_escaped_slash_cannot_lead_to_an_endpoint_that_is_charged_as_another()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(), leaseMs: 0);
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await StartAsync(limiter);
        var raw = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        foreach (var path in new[] { "/five%2f..%2Fhealth", "/%2Fhealth" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(
                api.Address.GetLeftPart(UriPartial.Authority) + path, raw));
            using var answer = await api.Client.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
        }
        (await limiter.LeftAsync("acme", "minute")).ShouldBe(100);
        using var query = await api.SendAsync(secret, "/five?next=%2Fhealth");
        query.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_sends_a_request_can_be_told_by_the_api()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(10));
        await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter, options => options.Identify = context =>
            context.Request.Headers["X-Tenant"] is [{ Length: > 0 } tenant]
                ? LimiterIdentity.OfTenant(tenant)
                : default);
        api.Client.DefaultRequestHeaders.Add("X-Tenant", "acme");
        (await api.AdmittedAsync("not a credential of ours", 15)).ShouldBe(10);
        api.Client.DefaultRequestHeaders.Remove("X-Tenant");
        // Anonymous: another bucket.
        (await api.AdmittedAsync("not a credential of ours", 15)).ShouldBe(10);
    }

    private static Task<TestApi> StartAsync(TestLimiter limiter) => TestApi.StartAsync(limiter, map: Map);

    private static void Map(WebApplication app)
    {
        app.MapGet("/five", () => "five").WithLimiterCost(5);
        app.MapPost("/bulk", () => "bulk").WithLimiterRecords(context =>
            long.TryParse(context.Request.Query["records"], out var records) ? records : null);
        app.MapGet("/later", (HttpContext context) => Say(context));
        app.MapGet("/cheaper", (HttpContext context) => Say(context)).WithLimiterCost(5);
        app.MapGet("/failing", (Func<HttpContext, Task>)FailAsync);
        app.MapGet("/sorry", () => "sorry");
        app.MapGet("/health", () => "well");
    }

    private static string Say(HttpContext context)
    {
        context.SetLimiterCost(long.Parse(context.Request.Query["cost"]!));
        return "said";
    }

    private static async Task FailAsync(HttpContext context)
    {
        await Task.Yield();
        if (context.Request.Query.ContainsKey("cost")) Say(context);
        throw new InvalidOperationException("A fault of the endpoint.");
    }

    private static long Remaining(HttpResponseMessage answer) =>
        long.Parse(answer.Headers.GetValues("X-RateLimit-Remaining").Single());
}
