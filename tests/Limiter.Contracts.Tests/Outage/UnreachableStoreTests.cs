using System.Diagnostics;

namespace Limiter.Contracts.Tests.Outage;

/// <summary>Another process holds the store's lock: the buckets are there and do not answer.</summary>
public sealed class UnreachableStoreTests
{
    /// <summary>The wait for a bucket is bounded by half a second; a busy machine may need some more.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Wundertre_fails_open_marked_and_within_a_bounded_wait()
    {
        await using var served = await Served.StartWithAcmeAsync("wundertre", "standard", leaseMs: 0);
        await served.SpendAsync(Ask.Read, 60);
        using var locked = new LockedStore(served);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 70; i++)
        {
            var answer = await served.CheckAsync(Ask.Read);
            answer.Status.ShouldBe(200, answer.Text);
            answer.Json.GetProperty("mode").GetString().ShouldBe("degraded");
            answer.Limit.ShouldBe("60");
            answer.Remaining.ShouldBe("0");
        }
        watch.Elapsed.ShouldBeLessThan(Bound);
    }

    [Fact]
    public async Task What_passed_meanwhile_is_charged_when_the_store_answers_again()
    {
        await using var served = await Served.StartWithAcmeAsync("wundertre", "standard", leaseMs: 0);
        await served.SpendAsync(Ask.Read, 5);
        using (new LockedStore(served))
            for (var i = 0; i < 3; i++) (await served.CheckAsync(Ask.Read)).Status.ShouldBe(200);
        var limits = await UntilExactAsync(served, Ask.Read);
        limits.Left("minute").ShouldBe(52);
        await served.SpendAsync(Ask.Read, 52);
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(60, 0, retryAfter: 60);
    }

    [Theory]
    [InlineData("workestra", "standard")]
    [InlineData("waqti", "basic")]
    [InlineData("lms", "professional")]
    [InlineData("points", "build")]
    public async Task The_others_fail_closed_and_recover(string policy, string plan)
    {
        await using var served = await Served.StartWithAcmeAsync(policy, plan, leaseMs: 0);
        var ask = Ask.Read with { Key = policy == "lms" ? "k1" : null };
        (await served.CheckAsync(ask)).Status.ShouldBe(200);
        var before = (await served.LimitsAsync(ask)).Json.GetProperty("limits").GetRawText();
        var watch = Stopwatch.StartNew();
        using (new LockedStore(served))
        {
            for (var i = 0; i < 5; i++)
            {
                var refused = await served.CheckAsync(ask);
                refused.ShouldBeProblem(503, "unreachable");
                refused.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(1);
            }
            watch.Elapsed.ShouldBeLessThan(Bound);
        }
        var after = await UntilExactAsync(served, ask);
        after.Json.GetProperty("limits").GetRawText().ShouldBe(before);
        (await served.CheckAsync(ask)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_admin_change_says_that_nothing_was_changed()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        using (new LockedStore(served))
        {
            (await served.PutAsync("/v1/tenants/acme", """{"plan":"enterprise"}"""))
                .ShouldBeProblem(503, "unreachable").RetryAfter.ShouldBe(1);
            (await served.PutAsync("/v1/tenants/globex", """{"plan":"basic"}""")).ShouldBeProblem(503, "unreachable");
            (await served.GetAsync("/healthz")).Status.ShouldBe(200);
        }
        (await served.GetAsync("/v1/tenants/acme")).Json.GetProperty("plan").GetString().ShouldBe("basic");
        (await served.GetAsync("/v1/tenants/globex")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_is_held_in_a_lease_is_served_through_it()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "enterprise");
        await served.SpendAsync(Ask.Read, 40);
        using var locked = new LockedStore(served);
        var answer = await served.CheckAsync(Ask.Read);
        answer.ShouldBeAllowed(1_000, 959).Json.GetProperty("mode").GetString().ShouldBe("leased");
    }

    /// <summary>Asks without consuming until the bucket itself answers.</summary>
    private static async Task<Answer> UntilExactAsync(Served served, Ask ask)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var answer = await served.GetAsync("/v1/limits" + ask.ToQuery());
            if (answer.Status == 200 && answer.Json.GetProperty("mode").GetString() != "degraded") return answer;
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), answer.Text);
        }
    }
}
