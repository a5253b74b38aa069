namespace Limiter.Contracts.Tests.Points;

public sealed class PointsBudgetTests
{
    private static readonly Ask One = Ask.Read with { Path = "/contacts/7" };

    [Theory]
    [InlineData("build", 100)]
    [InlineData("enterprise", 1_000)]
    public async Task A_plan_s_points_last_for_a_fixed_minute(string plan, int number)
    {
        await using var served = await Served.StartWithAcmeAsync("points", plan);
        await served.AdvanceAsync(10);
        (await served.CheckAsync(One)).ShouldBeAllowed(number, number - 1);
        await served.SpendAsync(One with { Cost = 10 }, (number / 10) - 1);
        await served.SpendAsync(One, 9);
        (await served.CheckAsync(One)).ShouldBeDenied(number, 0, retryAfter: 50);
        await served.ShouldRetryExactlyAsync(One);
        (await served.CheckAsync(One)).ShouldBeAllowed(number, number - 2);
    }

    [Fact]
    public async Task The_body_of_a_429_is_ours_byte_by_byte()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        await served.SpendAsync(One with { Cost = 10 }, 10);
        await served.AdvanceAsync(48);
        (await served.CheckAsync(One)).Text.ShouldBe("""
            {"error":"rate_limit_exceeded","message":"Point budget exceeded. Try again in 12 seconds.","retry_after":12}
            """);
    }

    [Fact]
    public async Task The_reset_is_an_HTTP_date()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        (await served.CheckAsync(One)).Reset.ShouldBe("Thu, 01 Jan 2026 00:01:00 GMT");
        await served.AdvanceAsync(60);
        await served.SpendAsync(One with { Cost = 10 }, 10);
        var denied = await served.CheckAsync(One);
        denied.ShouldBeDenied(100, 0, retryAfter: 60);
        denied.Reset.ShouldBe("Thu, 01 Jan 2026 00:02:00 GMT");
    }

    [Fact]
    public async Task All_keys_of_the_organization_share_one_budget()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var first = new Ask("GET", "/contacts") { Credential = await served.MintAsync("acme", "first") };
        var second = new Ask("POST", "/batch") { Credential = await served.MintAsync("acme", "second") };
        await served.SpendAsync(first, 20);
        await served.SpendAsync(second, 4);
        (await served.CheckAsync(One)).ShouldBeDenied(100, 0, retryAfter: 60);
    }

    [Fact]
    public async Task A_request_that_costs_more_than_is_left_is_denied_and_a_cheaper_one_passes()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        await served.SpendAsync(One with { Cost = 10 }, 9);
        await served.SpendAsync(One, 4);
        (await served.CheckAsync(One with { Cost = 7 })).ShouldBeDenied(100, 6, retryAfter: 60);
        (await served.CheckAsync(One with { Cost = 6 })).ShouldBeAllowed(100, 0);
    }

    [Fact]
    public async Task A_cost_that_can_never_pass_is_refused_without_a_time_to_come_back()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        await served.ChangeAsync("/v1/tenants/acme/overrides/points", """{"limit":5}""");
        var never = await served.CheckAsync(One with { Cost = 6 });
        never.ShouldBeProblem(429, "cost_above_limit");
        never.RetryAfter.ShouldBeNull();
        never.ShouldDescribe(5, 5, reset: null);
        (await served.CheckAsync(One with { Cost = 5 })).ShouldBeAllowed(5, 0);
    }

    [Fact]
    public async Task An_operator_lowers_a_budget_for_a_time_and_it_ends_by_itself()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        await served.SpendAsync(One with { Cost = 10 }, 3);
        await served.ChangeAsync("/v1/tenants/acme/adjustments/points",
            """{"factor":0.25,"until":"2026-01-01T00:02:30Z","reason":"scraping"}""");
        (await served.CheckAsync(One)).ShouldBeDenied(25, 0, retryAfter: 60);
        await served.AdvanceAsync(60);
        await served.SpendAsync(One, 25);
        (await served.CheckAsync(One)).ShouldBeDenied(25, 0, retryAfter: 60);
        await served.AdvanceAsync(80);
        await served.SpendAsync(One, 25);
        // The adjustment ends before the window does.
        (await served.ShouldRetryExactlyAsync(One)).ShouldBeDenied(25, 0, retryAfter: 10);
        (await served.CheckAsync(One)).ShouldBeAllowed(100, 73);
        (await served.GetAsync("/v1/tenants/acme")).Json.GetProperty("adjustments").GetRawText().ShouldBe("{}");
    }

    [Fact]
    public async Task An_operator_raises_a_budget_for_a_time()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        await served.ChangeAsync("/v1/tenants/acme/adjustments/points",
            """{"limit":150,"until":"2026-01-01T00:01:00Z","reason":"migration"}""");
        await served.SpendAsync(One with { Cost = 10 }, 15);
        (await served.CheckAsync(One)).ShouldBeDenied(150, 0, retryAfter: 60);
        await served.AdvanceAsync(60);
        (await served.CheckAsync(One)).ShouldBeAllowed(100, 99);
    }

    [Fact]
    public async Task A_cost_that_only_an_adjustment_forbids_passes_when_that_ends()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        await served.ChangeAsync("/v1/tenants/acme/adjustments/points",
            """{"limit":5,"until":"2026-01-01T00:03:07Z","reason":"scraping"}""");
        (await served.ShouldRetryExactlyAsync(One with { Cost = 10 })).ShouldBeDenied(5, 5, retryAfter: 187);
    }

    [Fact]
    public async Task The_surface_is_under_v1_and_no_other_version()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var answer = await Answer.ReadAsync(await served.Gateway.PostAsync("/v2/check", Served.Json(One.ToJson())));
        answer.ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task Authentication_is_a_bearer_token()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var answer = await Answer.ReadAsync(await served.Anyone.PostAsync("/v1/check", Served.Json(One.ToJson())));
        answer.ShouldBeProblem(401, "unauthorized").Header("WWW-Authenticate").ShouldBe("Bearer");
    }
}
