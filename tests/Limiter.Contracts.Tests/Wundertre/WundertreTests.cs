namespace Limiter.Contracts.Tests.Wundertre;

public sealed class WundertreTests
{
    [Fact]
    public async Task Sixty_pass_in_any_sixty_seconds()
    {
        await using var served = await Served.StartWithAcmeAsync("wundertre", "standard");
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 59, reset: 60);
        await served.SpendAsync(Ask.Read, 58);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 0, reset: 60);
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(60, 0, retryAfter: 60, reset: 60);
    }

    [Fact]
    public async Task The_body_of_a_429_is_the_contract_s_byte_by_byte()
    {
        await using var served = await Served.StartWithAcmeAsync("wundertre", "standard");
        await served.SpendAsync(Ask.Read, 60);
        await served.AdvanceAsync(48);
        var denied = await served.CheckAsync(Ask.Write);
        denied.ShouldBeDenied(60, 0, retryAfter: 12, reset: 60);
        denied.Text.ShouldBe("{\"error\":\"rate_limit_exceeded\","
            + "\"message\":\"Too many requests. Limit is 60 requests per 60 seconds.\",\"retry_after\":12}");
    }

    [Fact]
    public async Task The_window_slides_and_does_not_start_anew_with_the_minute()
    {
        await using var served = await Served.StartWithAcmeAsync("wundertre", "standard");
        await served.AdvanceAsync(30);
        await served.SpendAsync(Ask.Read, 30);
        await served.AdvanceAsync(20);
        await served.SpendAsync(Ask.Read, 30);
        await served.AdvanceAsync(15);
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(60, 0, retryAfter: 25, reset: 90);
        await served.AdvanceAsync(25);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 29, reset: 150);
        await served.SpendAsync(Ask.Read, 29);
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(60, 0, retryAfter: 20, reset: 110);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(59)]
    public async Task A_retry_after_exactly_that_many_seconds_is_admitted_and_one_earlier_is_not(int later)
    {
        await using var served = await Served.StartWithAcmeAsync("wundertre", "standard");
        await served.AdvanceAsync(17);
        await served.SpendAsync(Ask.Read, 60);
        await served.AdvanceAsync(later);
        var denied = await served.ShouldRetryExactlyAsync(Ask.Read);
        denied.RetryAfter.ShouldBe(60 - later);
        denied.Json.GetProperty("retry_after").GetInt64().ShouldBe(60 - later);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    [InlineData(999)]
    public async Task Between_two_seconds_too_the_wait_is_never_too_short(int milliseconds)
    {
        await using var served = await Served.StartWithAcmeAsync("wundertre", "standard");
        await served.AdvanceAsync(TimeSpan.FromMilliseconds(milliseconds));
        await served.SpendAsync(Ask.Read, 60);
        await served.AdvanceAsync(TimeSpan.FromMilliseconds(20_300));
        await served.ShouldRetryExactlyAsync(Ask.Read);
    }

    [Fact]
    public async Task Every_key_and_token_of_the_organization_shares_it()
    {
        await using var served = await Served.StartWithAcmeAsync("wundertre", "standard");
        var key = await served.MintAsync("acme", "key");
        var token = await served.MintAsync("acme", "oauth");
        await served.SpendAsync(new Ask("GET", "/api-contacts") { Credential = key }, 20);
        await served.SpendAsync(new Ask("GET", "/api-deals") { Credential = token }, 20);
        await served.SpendAsync(Ask.Read with { Key = "oauth" }, 20);
        (await served.CheckAsync(new Ask("POST", "/api-contacts-search") { Credential = key }))
            .ShouldBeDenied(60, 0, retryAfter: 60);
    }

    [Fact]
    public async Task Another_organization_has_its_own()
    {
        await using var served = await Served.StartWithAcmeAsync("wundertre", "standard");
        await served.RegisterAsync("globex", "standard");
        await served.SpendAsync(Ask.Read, 60);
        (await served.CheckAsync(Ask.Read with { Tenant = "globex" })).ShouldBeAllowed(60, 59);
    }

    [Fact]
    public async Task Without_a_credential_nobody_is_served()
    {
        await using var served = await Served.StartWithAcmeAsync("wundertre", "standard");
        (await served.CheckAsync(new Ask("GET", "/") { Ip = "203.0.113.9" })).ShouldBeProblem(401, "no_identity");
    }

    [Fact]
    public async Task Remaining_comes_back_as_the_window_slides()
    {
        await using var served = await Served.StartWithAcmeAsync("wundertre", "standard");
        for (var second = 0; second < 60; second++)
        {
            (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 59 - second, reset: second + 60);
            await served.AdvanceAsync(1);
        }
        for (var second = 60; second < 80; second++)
        {
            (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 0, reset: second + 60);
            (await served.CheckAsync(Ask.Read)).ShouldBeDenied(60, 0, retryAfter: 1, reset: second + 1);
            await served.AdvanceAsync(1);
        }
    }
}
