namespace Limiter.Contracts.Tests.Lms;

public sealed class LmsPlanTests
{
    private static readonly Ask Courses = new("GET", "/courses") { Tenant = "acme", Key = "k1" };

    [Theory]
    [InlineData("professional", 1_000, 100)]
    [InlineData("enterprise", 10_000, 500)]
    public async Task A_key_has_its_plan_s_hour_and_burst(string plan, int hour, int burst)
    {
        await using var served = await Served.StartWithAcmeAsync("lms", plan);
        var first = await served.CheckAsync(Courses);
        first.ShouldBeAllowed(hour, hour - 1, reset: 3_600);
        (first.Number("burst"), first.Left("burst")).ShouldBe((burst, burst - 1));
        await served.SpendAsync(Courses, burst - 1);
        // The headers describe the hour, also when it is the burst that refuses.
        (await served.CheckAsync(Courses)).ShouldBeDenied(hour, hour - burst, retryAfter: 1, reset: 1);
    }

    [Fact]
    public async Task The_burst_is_refilled_evenly_a_minute_s_worth_a_minute()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        await served.SpendAsync(Courses, 100);
        await served.AdvanceAsync(TimeSpan.FromMilliseconds(599));
        (await served.CheckAsync(Courses)).Status.ShouldBe(429);
        await served.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        (await served.CheckAsync(Courses)).Status.ShouldBe(200);
        (await served.CheckAsync(Courses)).Status.ShouldBe(429);
        await served.AdvanceAsync(30);
        await served.SpendAsync(Courses, 50);
        (await served.CheckAsync(Courses)).Status.ShouldBe(429);
        await served.AdvanceAsync(600);
        await served.SpendAsync(Courses, 100);
        (await served.CheckAsync(Courses)).Status.ShouldBe(429);
    }

    [Fact]
    public async Task A_thousand_an_hour_then_the_contract_s_body()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        for (var minute = 0; minute < 30; minute += 3)
        {
            await served.SpendAsync(Courses, 100);
            await served.AdvanceAsync(180);
        }
        var denied = await served.CheckAsync(Courses);
        denied.ShouldBeDenied(1_000, 0, retryAfter: 1_800, reset: 3_600);
        denied.Text.ShouldBe("{\"error\":{\"code\":\"rate_limit_exceeded\","
            + "\"message\":\"API rate limit exceeded. Please retry after 1800 seconds.\",\"retry_after\":1800}}");
        await served.ShouldRetryExactlyAsync(Courses);
        // The hour slides: what was used at its beginning is free again, and no more than that.
        await served.SpendAsync(Courses, 99);
        (await served.CheckAsync(Courses)).ShouldBeDenied(1_000, 0, retryAfter: 180);
    }

    [Fact]
    public async Task Each_key_has_its_own_limits()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        var secret = await served.MintAsync("acme", "k2");
        await served.SpendAsync(Courses, 100);
        (await served.CheckAsync(Courses)).Status.ShouldBe(429);
        var other = new Ask("GET", "/courses") { Credential = secret };
        (await served.CheckAsync(other)).ShouldBeAllowed(1_000, 999);
        // A credential and the name of its key are one key.
        (await served.CheckAsync(Courses with { Key = "k2" })).ShouldBeAllowed(1_000, 998);
    }

    [Fact]
    public async Task A_key_is_required()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        (await served.CheckAsync(Courses with { Key = null })).ShouldBeProblem(400, "key_required", "key");
        (await served.CheckAsync(Courses with { Key = "k9" })).ShouldBeProblem(404, "unknown_key", "key");
        (await served.CheckAsync(new Ask("GET", "/courses"))).ShouldBeProblem(401, "no_identity");
    }

    [Fact]
    public async Task A_custom_tenant_is_registered_together_with_its_numbers()
    {
        await using var served = await Served.StartAsync("lms");
        (await served.PutAsync("/v1/tenants/acme", """{"plan":"custom"}"""))
            .ShouldBeProblem(400, "missing_numbers", "overrides");
        (await served.PutAsync("/v1/tenants/acme", """{"plan":"custom","overrides":{"hour":50}}"""))
            .ShouldBeProblem(400, "missing_numbers", "overrides");
        (await served.GetAsync("/v1/tenants/acme")).ShouldBeProblem(404, "unknown_tenant", "tenant");
        (await served.PutAsync("/v1/tenants/acme", """{"plan":"custom","overrides":{"hour":50,"burst":7}}"""))
            .Status.ShouldBe(201);
        await served.MintAsync("acme", "k1");
        await served.SpendAsync(Courses, 7);
        (await served.CheckAsync(Courses)).ShouldBeDenied(50, 43, retryAfter: 9);
        (await served.DeleteAsync("/v1/tenants/acme/overrides/burst"))
            .ShouldBeProblem(400, "missing_numbers", "overrides");
        await served.ChangeAsync("/v1/tenants/acme/overrides/burst", """{"limit":9}""");
        (await served.CheckAsync(Courses)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_plan_change_binds_every_key_at_once_and_keeps_its_use()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        await served.SpendAsync(Courses, 100);
        await served.RegisterAsync("acme", "enterprise");
        var answer = await served.CheckAsync(Courses);
        answer.ShouldBeAllowed(10_000, 9_899, reset: 3_600);
        answer.Number("burst").ShouldBe(500);
    }

    [Fact]
    public async Task Every_page_counts_as_one()
    {
        await using var served = await Served.StartWithAcmeAsync("lms", "professional");
        for (var page = 1; page <= 5; page++)
            (await served.CheckAsync(Courses with { Path = $"/courses?page={page}&per_page=100" }))
                .ShouldBeAllowed(1_000, 1_000 - page);
    }
}
