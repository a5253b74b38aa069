namespace Limiter.Contracts.Tests.Workestra;

public sealed class WorkestraAnonymousTests
{
    private static readonly Ask Nobody = new("GET", "/contacts") { Ip = "203.0.113.9" };

    [Fact]
    public async Task An_address_without_a_credential_has_ten_a_minute()
    {
        await using var served = await Served.StartAsync("workestra");
        var first = await served.CheckAsync(Nobody);
        first.ShouldBeAllowed(10, 9, reset: 60);
        first.Json.GetProperty("plan").GetString().ShouldBe("anonymous");
        first.Json.TryGetProperty("tenant", out _).ShouldBeFalse();
        await served.SpendAsync(Nobody, 9);
        (await served.ShouldRetryExactlyAsync(Nobody)).ShouldBeDenied(10, 0, retryAfter: 60, reset: 60);
    }

    [Fact]
    public async Task Its_writes_are_five()
    {
        await using var served = await Served.StartAsync("workestra");
        await served.SpendAsync(Nobody with { Method = "POST" }, 5);
        (await served.CheckAsync(Nobody with { Method = "PUT" })).ShouldBeDenied(5, 0, retryAfter: 60);
        (await served.CheckAsync(Nobody)).ShouldBeAllowed(10, 4);
    }

    [Theory]
    [InlineData("203.0.113.9", "::ffff:203.0.113.9")]
    [InlineData("2001:db8:1:2::1", "2001:DB8:1:2:ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8:1:2::1", "2001:0db8:0001:0002:0:0:0:9")]
    public async Task Addresses_of_one_customer_share(string one, string other)
    {
        await using var served = await Served.StartAsync("workestra");
        await served.SpendAsync(Nobody with { Ip = one }, 10);
        (await served.CheckAsync(Nobody with { Ip = other })).ShouldBeDenied(10, 0, retryAfter: 60);
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.10")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1")]
    [InlineData("203.0.113.9", "2001:db8::1")]
    public async Task Other_addresses_have_their_own(string one, string other)
    {
        await using var served = await Served.StartAsync("workestra");
        await served.SpendAsync(Nobody with { Ip = one }, 10);
        (await served.CheckAsync(Nobody with { Ip = other })).ShouldBeAllowed(10, 9);
    }

    [Theory]
    [InlineData("203.0.113.09")]
    [InlineData("3405803785")]
    [InlineData("0xcb.0.113.9")]
    [InlineData("203.0.113")]
    [InlineData("203.0.113.9:80")]
    [InlineData("[2001:db8::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("localhost")]
    [InlineData("")]
    public async Task What_is_no_address_in_full_is_refused(string ip)
    {
        await using var served = await Served.StartAsync("workestra");
        (await served.CheckAsync(Nobody with { Ip = ip })).ShouldBeProblem(400, "invalid_field", "ip");
    }

    [Fact]
    public async Task Without_an_address_too_the_request_is_refused()
    {
        await using var served = await Served.StartAsync("workestra");
        (await served.CheckAsync(Nobody with { Ip = null })).ShouldBeProblem(400, "address_required", "ip");
    }

    [Fact]
    public async Task An_address_beside_a_tenant_changes_nothing()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        await served.SpendAsync(Nobody, 10);
        (await served.CheckAsync(Ask.Read with { Ip = Nobody.Ip })).ShouldBeAllowed(100, 99);
    }

    [Fact]
    public async Task A_credential_that_is_not_known_is_not_served_as_anonymous()
    {
        await using var served = await Served.StartAsync("workestra");
        (await served.CheckAsync(Nobody with { Credential = "lk_none" }))
            .ShouldBeProblem(401, "unknown_credential", "credential");
    }
}
