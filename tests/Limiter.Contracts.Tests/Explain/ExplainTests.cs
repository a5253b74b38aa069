using System.Text.Json;
using Limiter.Contracts.Tests.Running;

namespace Limiter.Contracts.Tests.Explain;

public sealed class ExplainTests
{
    [Fact]
    public async Task It_tells_the_rule_the_limits_their_numbers_and_when_the_request_passes()
    {
        await using var served = await Served.StartWithAcmeAsync("workestra", "standard");
        await served.ChangeAsync("/v1/tenants/acme/adjustments/minute",
            """{"factor":0.5,"until":"2026-01-01T01:00:00Z","reason":"scraping"}""");
        await served.SpendAsync(Ask.Write, 20);
        var told = await ExplainAsync(served, Ask.Write with { Path = "/things" });
        told.GetProperty("passes").GetBoolean().ShouldBeTrue();
        told.GetProperty("passesAt").GetString().ShouldBe("2026-01-01T00:00:00Z");
        told.GetProperty("group").GetString().ShouldBe("write");
        told.GetProperty("binding").GetString().ShouldBe("write");
        var write = Limit(told, "write");
        write.GetProperty("bucket").GetString().ShouldBe("acme");
        write.GetProperty("limit").GetInt64().ShouldBe(25);
        write.GetProperty("used").GetInt64().ShouldBe(20);
        write.GetProperty("source").GetRawText().ShouldBe(
            """{"from":"percentage","number":25,"of":"minute","base":"""
            + """{"from":"plan","number":100,"adjustment":{"factor":0.5,"number":50,"""
            + "\"until\":\"2026-01-01T01:00:00Z\",\"reason\":\"scraping\"}}}");
    }

    [Fact]
    public async Task The_second_that_it_names_is_the_one_at_which_the_request_passes()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        await served.SpendAsync(Ask.Read, 60);
        await served.AdvanceAsync(17);
        var told = await ExplainAsync(served, Ask.Read);
        told.GetProperty("passes").GetBoolean().ShouldBeFalse();
        Limit(told, "minute").GetProperty("denies").GetBoolean().ShouldBeTrue();
        Limit(told, "day").GetProperty("denies").GetBoolean().ShouldBeFalse();
        var denied = await served.ShouldRetryExactlyAsync(Ask.Read);
        told.GetProperty("passesAt").GetDateTimeOffset()
            .ShouldBe(Served.Start.AddSeconds(17 + denied.RetryAfter!.Value));
    }

    [Fact]
    public async Task An_unlimited_limit_is_told_without_use_and_what_never_passes_without_a_time()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "enterprise");
        var day = Limit(await ExplainAsync(served, Ask.Read), "day");
        day.GetProperty("limit").GetString().ShouldBe("unlimited");
        day.TryGetProperty("used", out _).ShouldBeFalse();
        await served.ChangeAsync("/v1/tenants/acme/overrides/minute", """{"limit":0}""");
        var told = await ExplainAsync(served, Ask.Read);
        told.GetProperty("passesAt").ValueKind.ShouldBe(JsonValueKind.Null);
        Limit(told, "minute").GetProperty("source").GetProperty("from").GetString().ShouldBe("override");
    }

    [Theory]
    [InlineData("""{"method":"GET","path":"/","tenant":"acme","id":"x"}""", 400, "unknown_field")]
    [InlineData("""{"method":"GET","tenant":"acme"}""", 400, "missing_field")]
    [InlineData("""{"method":"GET","path":"/","tenant":"nobody"}""", 404, "unknown_tenant")]
    [InlineData("""{"method":"GET","path":"/","tenant":"acme","cost":2}""", 400, "cost_out_of_bounds")]
    public async Task What_a_check_refuses_it_refuses(string body, int status, string code)
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        var answer = await served.PostAsync("/v1/explain", body);
        answer.Status.ShouldBe(status);
        answer.Json.GetProperty("code").GetString().ShouldBe(code);
    }

    private static async Task<JsonElement> ExplainAsync(Served served, Ask ask)
    {
        var answer = await Answer.ReadAsync(await served.Gateway.PostAsync("/v1/explain", Served.Json(ask.ToJson())));
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json;
    }

    private static JsonElement Limit(JsonElement told, string name) => told.GetProperty("limits").EnumerateArray()
        .Single(limit => limit.GetProperty("name").GetString() == name);
}
