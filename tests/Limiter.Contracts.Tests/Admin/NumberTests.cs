namespace Limiter.Contracts.Tests.Admin;

/// <summary>Overrides and adjustments.</summary>
public sealed class NumberTests
{
    private const string Override = "/v1/tenants/acme/overrides/minute";
    private const string Adjustment = "/v1/tenants/acme/adjustments/minute";

    [Fact]
    public async Task An_override_is_set_changed_and_removed()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        (await served.ChangeAsync(Override, """{"limit":500}""")).Json.GetProperty("overrides").GetRawText()
            .ShouldBe("""{"minute":500}""");
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(500, 499);
        await served.ChangeAsync(Override, """{"limit":2}""");
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(2, 0);
        await served.ChangeAsync(Override, """{"limit":"unlimited"}""");
        var unlimited = await served.CheckAsync(Ask.Read);
        (unlimited.Status, unlimited.Limit, unlimited.Remaining, unlimited.Reset).ShouldBe((200, null, null, null));
        unlimited.LimitNames.ShouldBe(["day"]);
        (await served.DeleteAsync(Override)).Status.ShouldBe(204);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 56);
        (await served.DeleteAsync(Override)).ShouldBeProblem(404, "no_such_override", "limit");
    }

    [Fact]
    public async Task A_number_of_zero_refuses_for_good()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.ChangeAsync(Override, """{"limit":0}""");
        (await served.CheckAsync(Ask.Read)).ShouldBeProblem(429, "cost_above_limit").RetryAfter.ShouldBeNull();
    }

    [Fact]
    public async Task An_adjustment_is_shown_while_it_lasts_and_ends_by_itself()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        var answer = await served.ChangeAsync(Adjustment,
            """{"factor":0.55,"until":"2026-01-01T01:00:00Z","reason":"scraping"}""");
        answer.Json.GetProperty("adjustments").GetRawText().ShouldBe(
            """{"minute":{"factor":0.55,"until":"2026-01-01T01:00:00Z","reason":"scraping"}}""");
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(33, 32);
        await served.AdvanceAsync(3_599);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(33, 32);
        await served.AdvanceAsync(1);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 58);
        (await served.GetAsync("/v1/tenants/acme")).Json.GetProperty("adjustments").GetRawText().ShouldBe("{}");
        (await served.DeleteAsync(Adjustment)).ShouldBeProblem(404, "no_such_adjustment", "limit");
    }

    [Fact]
    public async Task An_adjustment_works_on_the_override_and_can_be_ended_early()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.ChangeAsync(Override, """{"limit":200}""");
        await served.ChangeAsync(Adjustment, """{"factor":1.5,"until":"2026-01-02T00:00:00Z","reason":"launch"}""");
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(300, 299);
        (await served.DeleteAsync(Adjustment)).Status.ShouldBe(204);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(200, 198);
    }

    [Theory]
    [InlineData("{}", "missing_field", "limit")]
    [InlineData("""{"limit":-1}""", "invalid_field", "limit")]
    [InlineData("""{"limit":1.5}""", "invalid_field", "limit")]
    [InlineData("""{"limit":1e3}""", "invalid_field", "limit")]
    [InlineData("""{"limit":"5"}""", "invalid_field", "limit")]
    [InlineData("""{"limit":null}""", "invalid_field", "limit")]
    [InlineData("""{"limit":[1]}""", "invalid_field", "limit")]
    [InlineData("""{"limit":99999999999999999999}""", "invalid_field", "limit")]
    [InlineData("""{"number":5}""", "unknown_field", "number")]
    public async Task A_wrong_override_is_refused_and_changes_nothing(string body, string code, string field)
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        (await served.PutAsync(Override, body)).ShouldBeProblem(400, code, field);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 59);
    }

    [Theory]
    [InlineData("""{"factor":0.5,"until":"2026-01-01T01:00:00Z"}""", "missing_field", "reason")]
    [InlineData("""{"factor":0.5,"reason":"r"}""", "missing_field", "until")]
    [InlineData("""{"until":"2026-01-01T01:00:00Z","reason":"r"}""", "missing_field", "factor")]
    [InlineData("""{"factor":"half","until":"2026-01-01T01:00:00Z","reason":"r"}""", "invalid_field", "factor")]
    [InlineData("""{"factor":1e400,"until":"2026-01-01T01:00:00Z","reason":"r"}""", "invalid_field", "factor")]
    [InlineData("""{"factor":1001,"until":"2026-01-01T01:00:00Z","reason":"r"}""", "invalid_field", "factor")]
    [InlineData("""{"limit":-1,"until":"2026-01-01T01:00:00Z","reason":"r"}""", "invalid_field", "limit")]
    [InlineData("""{"factor":1,"until":"2026-13-01T01:00:00Z","reason":"r"}""", "invalid_field", "until")]
    [InlineData("""{"factor":1,"until":"2025-01-01T01:00:00Z","reason":"r"}""", "invalid_field", "until")]
    [InlineData("""{"factor":1,"until":1767229200,"reason":"r"}""", "invalid_field", "until")]
    [InlineData("""{"factor":1,"until":"2026-01-01T01:00:00Z","reason":""}""", "invalid_field", "reason")]
    public async Task A_wrong_adjustment_is_refused_and_changes_nothing(string body, string code, string field)
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        (await served.PutAsync(Adjustment, body)).ShouldBeProblem(400, code, field);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(60, 59);
    }
}
