using System.Text;
using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Http.Proxy;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tests.Proxy;

/// <summary>The upstream tells what a request really cost.</summary>
public sealed class UpstreamCostTests
{
    private const string Header = "X-Request-Cost";

    [Theory]
    [InlineData("9", 91)]
    [InlineData("1", 99)]
    [InlineData("3", 97)]
    [InlineData("10", 90)]
    [InlineData("0", 97)]
    [InlineData("11", 97)]
    [InlineData("-1", 97)]
    [InlineData("+9", 97)]
    [InlineData(" 9", 91)]
    [InlineData("9.0", 97)]
    [InlineData("9,9", 97)]
    [InlineData("nine", 97)]
    [InlineData("99999999999999999999", 97)]
    [InlineData("", 97)]
    public async Task A_cost_within_the_policy_s_bounds_corrects_the_charge_and_any_other_is_ignored(
        string cost, long left)
    {
        await using var upstream = await TestUpstream.StartAsync(AnswerWith(cost));
        await using var server = await StartAsync(upstream, Policies.Shipped("points"));
        using var client = server.Client(await server.RegisterAsync(plan: "build"));
        using var response = await client.GetAsync("/proxy/contacts");
        response.EnsureSuccessStatusCode();
        response.Headers.Contains(Header).ShouldBeFalse();
        (await LeftAsync(server)).ShouldBe(left);
    }

    [Fact]
    public async Task Two_costs_are_none()
    {
        await using var upstream = await TestUpstream.StartAsync(context =>
        {
            context.Response.Headers.Append(Header, new[] { "5", "6" });
            return Task.CompletedTask;
        });
        await using var server = await StartAsync(upstream, Policies.Shipped("points"));
        using var client = server.Client(await server.RegisterAsync(plan: "build"));
        using var response = await client.GetAsync("/proxy/contacts");
        response.Headers.Contains(Header).ShouldBeFalse();
        (await LeftAsync(server)).ShouldBe(97);
    }

    [Fact]
    public async Task Without_the_policy_s_leave_the_header_is_the_upstream_s_own_affair()
    {
        await using var upstream = await TestUpstream.StartAsync(AnswerWith("9"));
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "policies", "points.json"));
        var policy = Policies.Compile(Encoding.UTF8.GetBytes(
            text.Replace("\"fromUpstream\": true", "\"fromUpstream\": false", StringComparison.Ordinal)));
        await using var server = await StartAsync(upstream, policy);
        using var client = server.Client(await server.RegisterAsync(plan: "build"));
        using var response = await client.GetAsync("/proxy/contacts");
        response.Headers.GetValues(Header).ShouldBe(["9"]);
        (await LeftAsync(server)).ShouldBe(97);
    }

    [Fact]
    public async Task A_client_that_goes_away_during_the_answer_is_corrected_all_the_same()
    {
        var gone = new TaskCompletionSource();
        await using var upstream = await TestUpstream.StartAsync(async context =>
        {
            context.Response.Headers[Header] = "9";
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
            await gone.Task;
        });
        await using var server = await StartAsync(upstream, Policies.Shipped("points"));
        var secret = await server.RegisterAsync(plan: "build");
        using (var client = server.Client(secret))
        {
            using var answer = await client.GetAsync("/proxy/contacts", HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
        }
        (await LeftAsync(server)).ShouldBe(91);
        gone.SetResult();
        (await LeftAsync(server)).ShouldBe(91);
    }

    [Fact]
    public async Task An_exempt_request_has_no_cost_to_correct()
    {
        await using var upstream = await TestUpstream.StartAsync(AnswerWith("9"));
        await using var server = await StartAsync(upstream, Policies.Compile("""
            {
              "policy": "exempting", "plans": { "build": { "minute": 50 } }, "exempt": ["GET /health"],
              "limits": { "minute": { "algorithm": "fixedWindow", "window": "60s" } },
              "cost": { "max": 10, "fromUpstream": true }, "response": { "describe": "minute", "denied": {} }
            }
            """u8.ToArray()));
        using var client = server.Client(await server.RegisterAsync(plan: "build"));
        using var response = await client.GetAsync("/proxy/health");
        response.EnsureSuccessStatusCode();
        response.Headers.Contains(Header).ShouldBeFalse();
        (await LeftAsync(server)).ShouldBe(50);
    }

    [Fact]
    public void A_warning_that_others_can_cause_is_written_once_a_minute_with_its_causes()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var written = new List<long>();
        var warning = new SparseWarning(clock, written.Add);
        for (var i = 0; i < 1_000; i++) warning.Note();
        written.ShouldBe([1]);
        clock.Advance(TimeSpan.FromSeconds(60));
        warning.Note();
        warning.Note();
        written.ShouldBe([1, 1_000]);
        clock.Advance(TimeSpan.FromSeconds(61));
        warning.Note();
        written.ShouldBe([1, 1_000, 2]);
    }

    private static RequestDelegate AnswerWith(string cost) => context =>
    {
        context.Response.Headers[Header] = cost;
        return context.Response.WriteAsync("hello");
    };

    private static Task<TestServer> StartAsync(TestUpstream upstream, Policy policy) =>
        TestServer.StartAsync(policy, new ProxyOptions { Upstream = upstream.Address });

    // Moving the clock waits for what is asked of buckets behind the answers.
    private static async Task<long> LeftAsync(TestServer server)
    {
        (await server.Admin.PutAsync("/dev/clock", TestServer.Json("""{"advanceSeconds":1}""")))
            .EnsureSuccessStatusCode();
        return (await TestServer.ReadAsync(await server.Gateway.GetAsync("/v1/limits?tenant=acme")))
            .GetProperty("limits")[0].GetProperty("remaining").GetInt64();
    }
}
