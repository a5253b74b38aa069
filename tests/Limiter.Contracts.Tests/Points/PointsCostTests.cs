namespace Limiter.Contracts.Tests.Points;

public sealed class PointsCostTests
{
    [Theory]
    [InlineData("GET", "/contacts/7", 1)]
    [InlineData("get", "/Contacts//7/", 1)]
    [InlineData("GET", "/contacts%2F7", 1)]
    [InlineData("GET", "/contacts", 3)]
    [InlineData("GET", "/contacts/", 3)]
    [InlineData("GET", "/contacts/7/..", 3)]
    [InlineData("POST", "/contacts", 3)]
    [InlineData("PUT", "/contacts/7", 3)]
    [InlineData("PATCH", "/contacts/7", 3)]
    [InlineData("DELETE", "/contacts/7", 3)]
    [InlineData("POST", "/contacts/7/notes", 3)]
    [InlineData("GET", "/search", 5)]
    [InlineData("POST", "/search", 5)]
    [InlineData("GET", "/SEARCH/", 5)]
    [InlineData("POST", "/contacts/search", 5)]
    [InlineData("GET", "/aggregate", 8)]
    [InlineData("GET", "/contacts/aggregate", 8)]
    [InlineData("POST", "/contacts/aggregate", 8)]
    [InlineData("POST", "/batch", 10)]
    [InlineData("POST", "/contacts/batch", 10)]
    [InlineData("POST", "/contacts/x/../%62atch", 10)]
    [InlineData("GET", "/contacts/7/notes/1", 1)]
    public async Task A_route_has_its_cost(string method, string path, int cost)
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var answer = await served.CheckAsync(new Ask(method, path) { Tenant = "acme" });
        answer.ShouldBeAllowed(100, 100 - cost).Json.GetProperty("cost").GetInt64().ShouldBe(cost);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task The_caller_may_state_another_within_bounds(long cost)
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        (await served.CheckAsync(Ask.Write with { Cost = cost })).ShouldBeAllowed(100, 100 - cost);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(11)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task A_cost_out_of_bounds_is_refused_and_nothing_is_consumed(long cost)
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        (await served.CheckAsync(Ask.Write with { Cost = cost })).ShouldBeProblem(400, "cost_out_of_bounds", "cost");
        (await served.LimitsAsync(Ask.Write)).Left("points").ShouldBe(100);
    }

    [Theory]
    [InlineData(7, 93)]
    [InlineData(1, 99)]
    [InlineData(3, 97)]
    public async Task The_upstream_s_cost_corrects_a_check_up_or_down_once(long cost, long left)
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var id = (await served.CheckAsync(Ask.Write)).ShouldBeAllowed(100, 97).CheckId;
        for (var again = 0; again < 3; again++)
        {
            var charged = await served.ChargeAsync(id, cost);
            charged.Status.ShouldBe(200, charged.Text);
            charged.Json.GetProperty("charged").GetInt64().ShouldBe(cost - 3);
            (await served.LimitsAsync(Ask.Write)).Left("points").ShouldBe(left);
        }
        (await served.ChargeAsync(id, cost + 1)).ShouldBeProblem(409, "already_charged", "cost");
        (await served.CheckAsync(Ask.Write)).ShouldBeAllowed(100, left - 3);
    }

    [Fact]
    public async Task A_correction_counts_against_the_next_request()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var id = (await served.CheckAsync(Ask.Write)).CheckId;
        await served.SpendAsync(Ask.Write with { Cost = 10 }, 9);
        (await served.ChargeAsync(id, 10)).Status.ShouldBe(200);
        (await served.CheckAsync(Ask.Read with { Path = "/contacts/7" })).ShouldBeDenied(100, 0, retryAfter: 60);
    }

    [Fact]
    public async Task A_correction_above_what_is_left_is_owed_in_the_next_minute_and_remaining_is_never_below_zero()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var id = (await served.CheckAsync(Ask.Write)).CheckId;
        await served.SpendAsync(Ask.Write with { Cost = 10 }, 9);
        await served.SpendAsync(Ask.Write, 2);
        (await served.ChargeAsync(id, 10)).Status.ShouldBe(200);
        (await served.LimitsAsync(Ask.Write)).Left("points").ShouldBe(0);
        (await served.CheckAsync(Ask.Write)).ShouldBeDenied(100, 0, retryAfter: 60);
        await served.AdvanceAsync(60);
        (await served.CheckAsync(Ask.Read with { Path = "/contacts/7" })).ShouldBeAllowed(100, 93);
    }

    [Fact]
    public async Task A_check_can_be_corrected_for_ten_minutes()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var early = (await served.CheckAsync(Ask.Write)).CheckId;
        var late = (await served.CheckAsync(Ask.Write)).CheckId;
        await served.AdvanceAsync(599);
        (await served.ChargeAsync(early, 5)).Status.ShouldBe(200);
        (await served.LimitsAsync(Ask.Write)).Left("points").ShouldBe(98);
        await served.AdvanceAsync(2);
        (await served.ChargeAsync(late, 5)).ShouldBeProblem(400, "expired_check_id", "checkId");
    }

    [Fact]
    public async Task An_id_of_one_s_own_makes_a_retried_check_count_once()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var ask = Ask.Write with { Id = "01J-retry" };
        var first = (await served.CheckAsync(ask)).ShouldBeAllowed(100, 97);
        (await served.CheckAsync(ask)).Status.ShouldBe(200);
        (await served.LimitsAsync(Ask.Write)).Left("points").ShouldBe(97);
        (await served.CheckAsync(ask with { Path = "/deals" })).ShouldBeProblem(409, "id_reused", "id");
        (await served.CheckAsync(ask with { Cost = 4 })).ShouldBeProblem(409, "id_reused", "id");
        await served.AdvanceAsync(601);
        (await served.CheckAsync(ask)).ShouldBeAllowed(100, 97).CheckId.ShouldNotBe(first.CheckId);
    }
}
