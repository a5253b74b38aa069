namespace Limiter.Contracts.Tests.Workestra;

public sealed class WorkestraPlanTests
{
    [Theory]
    [InlineData("standard", 100)]
    [InlineData("professional", 500)]
    [InlineData("enterprise", 2_000)]
    public async Task A_plan_admits_its_number_a_minute_and_not_one_more(string plan, int number)
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", plan);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(number, number - 1, reset: 60);
        await served.SpendAsync(Ask.Read, number - 2);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(number, 0, reset: 60);
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(number, 0, retryAfter: 60, reset: 60);
    }

    [Fact]
    public async Task The_window_is_a_fixed_minute_of_the_clock()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        await served.AdvanceAsync(45);
        await served.SpendAsync(Ask.Read, 100);
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(100, 0, retryAfter: 15, reset: 60);
        await served.AdvanceAsync(TimeSpan.FromMilliseconds(14_500));
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(100, 0, retryAfter: 1, reset: 60);
        await served.AdvanceAsync(TimeSpan.FromMilliseconds(500));
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(100, 99, reset: 120);
    }

    [Fact]
    public async Task Retry_after_is_true_to_the_second()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        await served.AdvanceAsync(7);
        await served.SpendAsync(Ask.Read, 100);
        (await served.ShouldRetryExactlyAsync(Ask.Read)).RetryAfter.ShouldBe(53);
    }

    [Fact]
    public async Task The_body_of_a_429_is_the_contract_s_byte_by_byte()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        await served.SpendAsync(Ask.Read, 100);
        var atStart = await served.CheckAsync(Ask.Read);
        atStart.Text.ShouldBe("{\"error\":\"rate_limit_exceeded\","
            + "\"message\":\"API rate limit exceeded. Try again in 60 seconds.\",\"retry_after\":60}");
        atStart.Header("Content-Length").ShouldBe("110");
        await served.AdvanceAsync(59);
        (await served.CheckAsync(Ask.Read)).Text.ShouldBe("{\"error\":\"rate_limit_exceeded\","
            + "\"message\":\"API rate limit exceeded. Try again in 1 seconds.\",\"retry_after\":1}");
    }

    [Fact]
    public async Task An_override_of_any_limit_binds_at_once_and_what_was_used_counts()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        await served.SpendAsync(Ask.Read, 100);
        await served.ChangeAsync("/v1/tenants/acme/overrides/minute", """{"limit":103}""");
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(103, 2, reset: 60);
        // Half of the number in force, rounded down.
        (await served.CheckAsync(Ask.Write)).ShouldBeAllowed(103, 1);
        (await served.LimitsAsync(Ask.Write)).Number("write").ShouldBe(51);
        await served.ChangeAsync("/v1/tenants/acme/overrides/write", """{"limit":1}""");
        (await served.CheckAsync(Ask.Write)).ShouldBeDenied(1, 0, retryAfter: 60);
        (await served.DeleteAsync("/v1/tenants/acme/overrides/minute")).Status.ShouldBe(204);
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(100, 0, retryAfter: 60);
    }

    [Fact]
    public async Task A_raised_override_of_a_group_s_limit_admits_more_of_that_group_only()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        await served.ChangeAsync("/v1/tenants/acme/overrides/critical", """{"limit":12}""");
        var critical = Ask.Write with { Path = "/users" };
        await served.SpendAsync(critical, 12);
        (await served.CheckAsync(critical)).ShouldBeDenied(12, 0, retryAfter: 60);
        var export = Ask.Read with { Path = "/export/contacts" };
        await served.SpendAsync(export, 10);
        (await served.CheckAsync(export)).ShouldBeDenied(10, 0, retryAfter: 60);
    }

    [Fact]
    public async Task An_adjustment_s_end_is_part_of_retry_after()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        await served.ChangeAsync("/v1/tenants/acme/adjustments/minute",
            """{"limit":0,"until":"2026-01-01T00:00:20Z","reason":"abuse"}""");
        var denied = await served.ShouldRetryExactlyAsync(Ask.Read);
        denied.ShouldBeDenied(0, 0, retryAfter: 20, reset: 20);
    }

    [Fact]
    public async Task A_tenant_s_credentials_share_its_minute()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        var first = await served.MintAsync("acme", "first");
        var second = await served.MintAsync("acme", "second");
        await served.SpendAsync(new Ask("GET", "/deals") { Credential = first }, 60);
        await served.SpendAsync(new Ask("GET", "/tasks") { Credential = second }, 40);
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(100, 0, retryAfter: 60);
    }
}
