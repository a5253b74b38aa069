using Limiter.Client.Web;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Limiter.Client.Tests.Edge;

/// <summary>What leases are for: requests that ask nobody.</summary>
public sealed class WarmTests
{
    [Fact]
    public async Task A_warm_decision_completes_at_once_without_allocating()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(900_000_000));
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter);
        var check = new Check { Credential = secret, Method = "GET", Path = "/things" };
        var (checker, decision) = (api.Checker, new Decision());
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 40_000; j++) await checker.CheckAsync(check, decision, default);
            limiter.Manual.Advance(TimeSpan.FromSeconds(5));
        }
        for (var j = 0; j < 1_000; j++) await checker.CheckAsync(check, decision, default);
        await RealTime.UntilAsync(() => !checker.IsAsking, "nothing is asked");
        var (least, completed) = (long.MaxValue, true);
        // The runtime may allocate on this thread when it compiles something anew: the least of the rounds is ours.
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 5_000; i++)
            {
                var deciding = checker.CheckAsync(check, decision, default);
                completed &= deciding.IsCompletedSuccessfully;
                await deciding;
            }
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        least.ShouldBe(0);
        completed.ShouldBeTrue();
        decision.Mode.ShouldBe(DecisionMode.Leased);
    }

    [Fact]
    public async Task A_warm_request_allocates_the_text_of_what_is_left_and_nothing_else()
    {
        const int requests = 5_000;
        const long textBytes = 48;
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(900_000_000));
        await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(
            limiter, options => options.Identify = static _ => LimiterIdentity.OfTenant("acme"));
        var middleware = new LimiterMiddleware(static _ => Task.CompletedTask, api.Edge);
        var context = new DefaultHttpContext { Request = { Method = "GET" } };
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/things";
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 20_000; j++) await middleware.InvokeAsync(context);
            limiter.Manual.Advance(TimeSpan.FromSeconds(5));
        }
        for (var j = 0; j < 1_000; j++) await middleware.InvokeAsync(context);
        await RealTime.UntilAsync(() => !api.Checker.IsAsking, "nothing is asked");
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < requests; i++)
            {
                var going = middleware.InvokeAsync(context);
                if (!going.IsCompletedSuccessfully) await going;
            }
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        least.ShouldBeInRange(1, requests * textBytes);
        context.Response.Headers["X-RateLimit-Limit"].ToString().ShouldBe("900000000");
    }

    [Fact]
    public async Task In_steady_load_a_tenant_costs_at_most_one_call_a_second()
    {
        const int seconds = 30;
        var way = new FaultyHandler();
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(1_000_000));
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter, options => options.HttpHandler = () => way);
        await RunAsync(api, limiter, secret, seconds: 5);
        var before = way.LeaseCalls;
        await RunAsync(api, limiter, secret, seconds);
        (way.LeaseCalls - before).ShouldBeInRange(1, seconds);
    }

    [Fact]
    public async Task Tenants_that_come_at_once_are_asked_for_in_few_calls()
    {
        const int tenants = 200;
        var way = new FaultyHandler();
        await using var limiter = await TestLimiter.StartAsync(Policies.Of());
        for (var i = 0; i < tenants; i++)
            await limiter.SendAsync(HttpMethod.Put, $"/v1/tenants/t{i}", """{"plan":"only"}""");
        await using var api = await TestApi.StartAsync(limiter, options => options.HttpHandler = () => way);
        var decisions = await Task.WhenAll(Enumerable.Range(0, tenants).Select(async i =>
        {
            var decision = new Decision();
            await api.Checker.CheckAsync(
                new Check { Tenant = $"t{i}", Method = "GET", Path = "/things" }, decision, default);
            return decision.Outcome;
        }));
        decisions.ShouldAllBe(outcome => outcome == Outcome.Allowed);
        // How few depends on how fast they come; that what waits goes together is BatchingTests' to show.
        way.LeaseCalls.ShouldBeLessThan(tenants);
    }

    private static async Task RunAsync(TestApi api, TestLimiter limiter, string secret, int seconds)
    {
        for (var i = 0; i < seconds * 10; i++)
        {
            (await api.AdmittedAsync(secret, 5)).ShouldBe(5);
            limiter.Manual.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
