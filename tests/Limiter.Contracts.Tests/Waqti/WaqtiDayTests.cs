namespace Limiter.Contracts.Tests.Waqti;

public sealed class WaqtiDayTests
{
    private const long Day = 86_400;

    [Fact]
    public async Task The_day_s_cap_holds_until_midnight_in_UTC()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.AdvanceAsync(10 * 3_600);
        await UseAsync(served, 60, 960);
        await served.SpendAsync(Ask.Read, 39);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 20);
        await served.AdvanceAsync(60);
        var denied = await served.ShouldRetryExactlyAsync(Ask.Read);
        var wait = Day - 10 * 3_600 - 17 * 60;
        denied.ShouldBeDenied(60, 0, retryAfter: wait, reset: Day);
        denied.Text.ShouldStartWith(
            $"{{\"error\":{{\"code\":\"RATE_LIMIT_EXCEEDED\",\"message\":\"Daily cap of 1000 requests reached. "
            + $"Please retry after {wait} seconds.\"}},\"meta\":{{\"timestamp\":\"2026-01-01T10:17:00Z\",");
        (await served.LimitsAsync(Ask.Read)).Left("day").ShouldBe(999);
    }

    [Fact]
    public async Task The_day_starts_anew_at_midnight_and_not_a_day_after_first_use()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.AdvanceAsync(Day - 30);
        await served.SpendAsync(Ask.Read, 60);
        (await served.LimitsAsync(Ask.Read)).Left("day").ShouldBe(940);
        await served.AdvanceAsync(30);
        var limits = await served.LimitsAsync(Ask.Read);
        (limits.Left("day"), limits.Left("minute")).ShouldBe((1_000, 0));
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(60, 0, retryAfter: 30, reset: Day + 30);
    }

    [Fact]
    public async Task Allowed_responses_describe_the_minute_however_little_the_day_has()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await UseAsync(served, 60, 960);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 59, reset: 16 * 60 + 60).Left("day").ShouldBe(39);
    }

    [Fact]
    public async Task Professional_has_ten_thousand_a_day()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "professional");
        (await served.LimitsAsync(Ask.Read)).Number("day").ShouldBe(10_000);
        await UseAsync(served, 300, 9_900);
        await served.SpendAsync(Ask.Read, 100);
        var denied = await served.CheckAsync(Ask.Read);
        denied.ShouldBeDenied(300, 0, retryAfter: Day - 33 * 60, reset: Day);
        denied.Text.ShouldContain("Daily cap of 10000 requests reached.");
    }

    [Fact]
    public async Task Enterprise_has_no_daily_cap_and_says_nothing_of_one()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "enterprise");
        var answer = await served.CheckAsync(Ask.Read);
        answer.ShouldBeAllowed(1_000, 999, reset: 60);
        answer.LimitNames.ShouldBe(["minute"]);
        await UseAsync(served, 500, 1_500);
        (await served.CheckAsync(Ask.Read)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_plan_change_binds_at_once_and_what_was_used_still_counts()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "professional");
        await served.SpendAsync(Ask.Read, 200);
        await served.RegisterAsync("acme", "basic");
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(60, 0, retryAfter: 60, reset: 60);
        (await served.LimitsAsync(Ask.Read)).Left("day").ShouldBe(800);
        await served.RegisterAsync("acme", "professional");
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(300, 99, reset: 60);
    }

    [Fact]
    public async Task A_later_plan_with_a_daily_cap_finds_the_morning_s_use()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "enterprise");
        await UseAsync(served, 400, 1_200);
        await served.AdvanceAsync(3_600);
        await served.RegisterAsync("acme", "basic");
        var denied = await served.CheckAsync(Ask.Read);
        denied.ShouldBeDenied(60, 0, retryAfter: Day - 3 * 60 - 3_600, reset: Day);
        denied.Text.ShouldContain("Daily cap of 1000 requests reached.");
        await served.RegisterAsync("acme", "professional");
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(300, 299).Left("day").ShouldBe(8_799);
    }

    [Fact]
    public async Task Minute_and_day_exhausted_together_point_at_midnight()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.ChangeAsync("/v1/tenants/acme/overrides/day", """{"limit":60}""");
        await served.SpendAsync(Ask.Read, 60);
        var denied = await served.CheckAsync(Ask.Read);
        denied.ShouldBeDenied(60, 0, retryAfter: Day, reset: Day);
        denied.Text.ShouldContain("Daily cap of 60 requests reached. Please retry after 86400 seconds.");
        var decision = await served.CheckAsync(Ask.Read, Served.DecisionType);
        decision.Json.GetProperty("violated").GetRawText().ShouldBe("""["minute","day"]""");
    }

    [Fact]
    public async Task A_denied_request_counts_in_neither_window()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.SpendAsync(Ask.Read, 60);
        for (var i = 0; i < 20; i++) (await served.CheckAsync(Ask.Read)).Status.ShouldBe(429);
        (await served.LimitsAsync(Ask.Read)).Left("day").ShouldBe(940);
    }

    /// <summary>Uses up part of the day, a minute's number at a time.</summary>
    private static async Task UseAsync(Served served, int aMinute, int requests)
    {
        for (var used = 0; used < requests; used += aMinute)
        {
            await served.SpendAsync(Ask.Read, aMinute);
            await served.AdvanceAsync(60);
        }
    }
}
