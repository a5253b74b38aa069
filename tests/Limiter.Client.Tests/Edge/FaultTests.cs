using System.Net;
using System.Text.Json;

namespace Limiter.Client.Tests.Edge;

/// <summary>A limiter that is away, slow, or not one.</summary>
public sealed class FaultTests
{
    private const int Number = 100;

    [Fact]
    public async Task Held_leases_go_on_while_the_limiter_is_away_and_then_a_closed_policy_refuses()
    {
        using var folder = new TemporaryFolder();
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(Number), folder: folder.Path);
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter);
        var admitted = await api.AdmittedAsync(secret, 3);
        await limiter.StopAsync();
        var leased = await api.AdmittedAsync(secret, Number);
        leased.ShouldBeGreaterThan(0);
        using var refused = await api.SendAsync(secret);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("code").GetString().ShouldBe("unreachable");
        await limiter.StartAgainAsync();
        await RealTime.UntilAsync(async () => await api.AdmittedAsync(secret, 1) == 1, "it is asked again");
        admitted += leased + 1 + await api.AdmittedAsync(secret, Number * 2);
        admitted.ShouldBe(Number);
    }

    [Fact]
    public async Task An_open_policy_admits_meanwhile_and_charges_on_recovery()
    {
        using var folder = new TemporaryFolder();
        await using var limiter = await TestLimiter.StartAsync(
            Policies.Of(Number, "\"open\""), folder: folder.Path);
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter);
        await api.AdmittedAsync(secret, 3);
        await limiter.StopAsync();
        (await api.AdmittedAsync(secret, Number - 10)).ShouldBe(Number - 10);
        await limiter.StartAgainAsync();
        await api.StopAsync();
        await RealTime.UntilAsync(
            async () => await limiter.LeftAsync("acme", "minute") == 7, "what was admitted is charged");
    }

    [Fact]
    public async Task A_local_policy_admits_its_share()
    {
        await using var limiter = await TestLimiter.StartAsync(
            Policies.Of(Number, """{ "local": "10%" }"""), leaseMs: 0);
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter);
        await api.AdmittedAsync(secret, 1);
        await limiter.StopAsync();
        (await api.AdmittedAsync(secret, 50)).ShouldBe(10);
    }

    public static TheoryData<HttpStatusCode, string> Garbage => new()
    {
        { HttpStatusCode.OK, "<html>" }, { HttpStatusCode.OK, "[]" }, { HttpStatusCode.OK, "{}" },
        { HttpStatusCode.OK, """{"reserves":7,"credentials":[],"names":{"acme":{}}}""" },
        { HttpStatusCode.OK, """{"reserves":{"t:acme:":{"reply":"AQAA"}}}""" },
        { HttpStatusCode.OK, """{"reserves":{"t:acme:":{"reply":"!"}}}""" },
        { HttpStatusCode.OK, """{"reserves":{"t:acme:":null}}""" },
        { HttpStatusCode.OK, """{"reserves":{"t:acme:":{"code":"new_word"}},"policy":"x"}""" },
        { HttpStatusCode.InternalServerError, "{}" }, { HttpStatusCode.Unauthorized, "{}" },
        { HttpStatusCode.NotModified, "" }, { HttpStatusCode.TooManyRequests, "{}" },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task What_is_no_answer_counts_as_none_and_is_got_over(HttpStatusCode status, string body)
    {
        var way = new FaultyHandler();
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(Number), leaseMs: 0);
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter, options => options.HttpHandler = () => way);
        (await api.AdmittedAsync(secret, 1)).ShouldBe(1);
        way.Instead = (_, _) => FaultyHandler.Garbage(status, body);
        for (var i = 0; i < 3; i++)
        {
            using var known = await api.SendAsync(secret);
            known.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            using var unknown = await api.SendAsync("lk_unknown");
            unknown.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }
        way.Instead = null;
        await RealTime.UntilAsync(async () => await api.AdmittedAsync(secret, 1) == 1, "it is asked again");
        (await limiter.LeftAsync("acme", "minute")).ShouldBe(Number - 2);
    }

    [Fact]
    public async Task A_limiter_that_never_answers_costs_the_wait_once()
    {
        var way = new FaultyHandler();
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(Number), leaseMs: 0);
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter, options =>
        {
            options.HttpHandler = () => way;
            options.WaitLimit = TimeSpan.FromMilliseconds(200);
        });
        await api.AdmittedAsync(secret, 1);
        way.Instead = NeverAsync;
        var before = RealTime.Now;
        (await api.AdmittedAsync(secret, 20)).ShouldBe(0);
        // Alone, each would wait for its own 200 ms.
        (RealTime.Now - before).ShouldBeLessThan(3_000);
    }

    [Fact]
    public async Task An_api_starts_without_its_limiter_and_serves_when_that_has_come()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(Number));
        await limiter.StopAsync();
        await using var api = await TestApi.StartAsync(limiter);
        using var refused = await api.SendAsync(null);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        await limiter.StartAgainAsync();
        var secret = await limiter.RegisterAsync("acme", "only");
        await RealTime.UntilAsync(async () => await api.AdmittedAsync(secret, 1) == 1, "it serves");
    }

    [Fact]
    public async Task A_fallback_policy_holds_until_the_limiter_has_come()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(15));
        var secret = await limiter.RegisterAsync("acme", "only");
        await limiter.StopAsync();
        await using var api = await TestApi.StartAsync(
            limiter, options => options.FallbackPolicy = Policies.Text(15, "\"open\""));
        (await api.AdmittedAsync(null, 10)).ShouldBe(10);
        (await api.AdmittedAsync(null, 1, "/health")).ShouldBe(1);
        // Of whom nothing is known no policy admits.
        (await api.AdmittedAsync(secret, 1)).ShouldBe(0);
        await limiter.StartAgainAsync();
        await RealTime.UntilAsync(() => api.Checker.Policy.Generation > 0, "the limiter's policy is in force");
        // What was admitted meanwhile is charged.
        await RealTime.UntilAsync(async () => await limiter.LeftOfAsync("ip=127.0.0.1", "minute") == 5, "5 are left");
        (await api.AdmittedAsync(null, 10)).ShouldBe(5);
    }

    [Fact]
    public async Task An_ending_process_gives_back_what_it_holds()
    {
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(Number));
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter);
        (await api.AdmittedAsync(secret, 3)).ShouldBe(3);
        (await limiter.LeftAsync("acme", "minute")).ShouldBeLessThan(Number - 3);
        await api.StopAsync();
        (await limiter.LeftAsync("acme", "minute")).ShouldBe(Number - 3);
    }

    [Fact]
    public async Task A_process_ends_in_time_whatever_its_limiter_does()
    {
        var way = new FaultyHandler();
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(Number));
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter, options =>
        {
            options.HttpHandler = () => way;
            options.WaitLimit = TimeSpan.FromSeconds(30);
        });
        (await api.AdmittedAsync(secret, 3)).ShouldBe(3);
        way.Instead = NeverAsync;
        var before = RealTime.Now;
        await api.StopAsync();
        (RealTime.Now - before).ShouldBeLessThan(4_000);
    }

    private static async Task<HttpResponseMessage> NeverAsync(
        HttpRequestMessage request, CancellationToken cancellation)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellation);
        throw new InvalidOperationException("Never.");
    }
}
