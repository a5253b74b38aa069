using System.Text.RegularExpressions;

namespace Limiter.Contracts.Tests.Waqti;

public sealed class WaqtiMinuteTests
{
    [Theory]
    [InlineData("basic", 60)]
    [InlineData("professional", 300)]
    [InlineData("enterprise", 1_000)]
    public async Task A_plan_admits_its_number_a_minute_and_not_one_more(string plan, int number)
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", plan);
        (await served.CheckAsync(Ask.Read)).ShouldBeAllowed(number, number - 1, reset: 60);
        await served.SpendAsync(Ask.Read, number - 1);
        (await served.ShouldRetryExactlyAsync(Ask.Read)).ShouldBeDenied(number, 0, retryAfter: 60, reset: 60);
    }

    [Fact]
    public async Task The_minute_slides()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.AdvanceAsync(50);
        await served.SpendAsync(Ask.Read, 60);
        await served.AdvanceAsync(15);
        (await served.CheckAsync(Ask.Read)).ShouldBeDenied(60, 0, retryAfter: 45, reset: 110);
    }

    [Fact]
    public async Task The_body_of_a_429_is_the_contract_s()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.SpendAsync(Ask.Read, 60);
        await served.AdvanceAsync(15);
        var (first, second) = (await served.CheckAsync(Ask.Read), await served.CheckAsync(Ask.Read));
        const string expected = """
            {"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Too many requests. Please retry after 45 seconds."},
            """ + """
            "meta":{"timestamp":"2026-01-01T00:00:15Z","request_id":"req_rl_00000000"}}
            """;
        foreach (var denied in new[] { first, second })
        {
            denied.ShouldBeDenied(60, 0, retryAfter: 45, reset: 60);
            var id = denied.Json.GetProperty("meta").GetProperty("request_id").GetString()!;
            id.ShouldMatch("^req_rl_[0-9a-f]{8}$");
            Regex.Replace(denied.Text, "req_rl_[0-9a-f]{8}", "req_rl_00000000").ShouldBe(expected);
        }
        first.Text.ShouldNotBe(second.Text);
    }

    [Fact]
    public async Task All_of_a_tenant_s_tokens_share_both_windows()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        var first = await served.MintAsync("acme", "first");
        var second = await served.MintAsync("acme", "second");
        await served.SpendAsync(new Ask("GET", "/vendors") { Credential = first }, 30);
        await served.SpendAsync(new Ask("POST", "/vendors") { Credential = second }, 30);
        var ask = new Ask("GET", "/vendors") { Credential = second };
        (await served.CheckAsync(ask)).ShouldBeDenied(60, 0, retryAfter: 60);
        (await served.LimitsAsync(ask)).Left("day").ShouldBe(940);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task One_request_is_one_read_or_write(string method)
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        var answer = await served.CheckAsync(Ask.Read with { Method = method, Path = "/v1/purchase-orders/7" });
        answer.ShouldBeAllowed(60, 59, reset: 60);
        answer.Json.GetProperty("cost").GetInt64().ShouldBe(1);
        answer.Left("day").ShouldBe(999);
    }

    [Fact]
    public async Task No_other_cost_can_be_stated()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        (await served.CheckAsync(Ask.Read with { Cost = 1 })).ShouldBeAllowed(60, 59);
        (await served.CheckAsync(Ask.Read with { Cost = 2 })).ShouldBeProblem(400, "cost_out_of_bounds", "cost");
        (await served.CheckAsync(Ask.Read with { Cost = 0 })).ShouldBeProblem(400, "cost_out_of_bounds", "cost");
        (await served.LimitsAsync(Ask.Read)).Left("minute").ShouldBe(59);
    }

    [Fact]
    public async Task A_gateway_may_have_the_denial_as_a_decision()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.SpendAsync(Ask.Read, 60);
        var denied = await served.CheckAsync(Ask.Read, Served.DecisionType);
        denied.Status.ShouldBe(429);
        denied.ContentType.ShouldBe(Served.DecisionType);
        denied.ShouldDescribe(60, 0, reset: 60);
        denied.RetryAfter.ShouldBe(60);
        var mode = denied.Json.GetProperty("mode").GetString();
        denied.Text.ShouldBe(
            "{\"decision\":\"denied\",\"tenant\":\"acme\",\"plan\":\"basic\",\"group\":\"standard\",\"cost\":1,"
            + $"\"mode\":\"{mode}\",\"limits\":["
            + """{"name":"minute","limit":60,"remaining":0,"resetsAt":"2026-01-01T00:01:00Z"},"""
            + """{"name":"day","limit":1000,"remaining":940,"resetsAt":"2026-01-02T00:00:00Z"}],"""
            + "\"retryAfter\":60,\"violated\":[\"minute\"]}");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("*/*")]
    [InlineData("application/vnd.limiter.decision+json;q=0, application/json")]
    public async Task Other_answers_are_the_contract_s(string accept)
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.SpendAsync(Ask.Read, 60);
        (await served.CheckAsync(Ask.Read, accept)).Text.ShouldStartWith("""{"error":{"code":"RATE_LIMIT_EXCEEDED",""");
    }
}
