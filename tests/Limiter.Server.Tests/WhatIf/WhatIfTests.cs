using System.Text.Json;

namespace Limiter.Server.Tests.WhatIf;

public sealed class WhatIfTests : IAsyncDisposable
{
    private const string Plans = "{ \"basic\": { \"minute\": 60, \"day\": 1000 } }";
    private const string Limits = """
        { "minute": { "algorithm": "fixedWindow", "window": "60s", "per": "tenant" },
          "day": { "algorithm": "calendar", "window": "day", "per": "tenant" } }
        """;

    private readonly Recording _recording = new();

    public ValueTask DisposeAsync() => _recording.DisposeAsync();

    [Fact]
    public async Task Who_would_have_been_limited_is_told_with_the_worst_minute()
    {
        var acme = await _recording.RegisterAsync("acme", "basic");
        var quiet = await _recording.RegisterAsync("quiet", "basic");
        await _recording.CountAsync(acme, 1, 70, denied: 5);
        await _recording.CountAsync(acme, 2, 90);
        await _recording.CountAsync(acme, 3, 60);
        await _recording.CountAsync(quiet, 2, 60);
        var result = (await _recording.ReplayAsync(_recording.Policy(Limits, Plans))).ShouldBe(1);
        result.Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["acme", "basic", "minute", "2", "45", "5", "2026-03-02T00:02:00Z", "30"]);
        result.Out.ShouldContain("1 of 2 tenants would have been limited by proposed, 1 of them more than in fact.");
        result.Out.ShouldContain("45 of 285 checks would have been denied; in fact 5 were.");
        result.Out.ShouldContain("- the checks of a minute came evenly over it");
        result.Out.ShouldNotContain("quiet");
    }

    [Fact]
    public async Task A_policy_that_limits_nobody_more_is_exit_code_0()
    {
        var acme = await _recording.RegisterAsync("acme", "basic");
        await _recording.CountAsync(acme, 1, 60, denied: 40);
        var json = (await _recording.ReplayAsync(_recording.Policy(Limits, Plans), "--json")).ShouldBe(0).Json;
        json.GetProperty("denied").GetInt32().ShouldBe(40);
        json.GetProperty("newlyLimited").GetInt32().ShouldBe(0);
        json.GetProperty("items")[0].GetProperty("limits")[0].GetProperty("deniedThen").GetInt32().ShouldBe(40);
    }

    [Fact]
    public async Task Overrides_count_and_rows_of_several_edges_are_one_minute()
    {
        var acme = await _recording.RegisterAsync("acme", "basic", ("minute", 100));
        for (var edge = 0; edge < 3; edge++) await _recording.CountAsync(acme, 7, 40);
        var json = (await _recording.ReplayAsync(_recording.Policy(Limits, Plans), "--json")).ShouldBe(1).Json;
        Limit(json, "minute").GetProperty("denied").GetInt32().ShouldBe(20);
        Limit(json, "minute").GetProperty("minutes").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_day_is_used_up_once()
    {
        var acme = await _recording.RegisterAsync("acme", "basic");
        for (var minute = 0; minute < 30; minute++) await _recording.CountAsync(acme, minute * 10, 50);
        var json = (await _recording.ReplayAsync(_recording.Policy(Limits, Plans), "--json")).ShouldBe(1).Json;
        Limit(json, "day").GetProperty("denied").GetInt32().ShouldBe(500);
        Limit(json, "day").GetProperty("minutes").GetInt32().ShouldBe(10);
    }

    [Fact]
    public async Task Limits_per_key_are_of_each_key()
    {
        const string limits = """{ "minute": { "algorithm": "fixedWindow", "window": "60s", "per": "key" } }""";
        var acme = await _recording.RegisterAsync("acme", "basic");
        await _recording.CountAsync(acme, 1, 60, key: "k1");
        await _recording.CountAsync(acme, 1, 75, key: "k2");
        var json = (await _recording.ReplayAsync(
            _recording.Policy(limits, "{ \"basic\": { \"minute\": 60 } }"), "--json")).ShouldBe(1).Json;
        Limit(json, "minute").GetProperty("denied").GetInt32().ShouldBe(15);
    }

    [Fact]
    public async Task Costs_are_as_recorded_or_as_the_proposed_policy_says()
    {
        const string limits = """{ "points": { "algorithm": "fixedWindow", "window": "60s", "per": "tenant" } }""";
        const string endpoints =
            """ "endpoints": [ { "group": "export", "cost": 10, "match": "POST /reports/{id}/export" } ], """;
        var acme = await _recording.RegisterAsync("acme", "basic");
        await _recording.CountAsync(
            acme, 1, 20, cost: 100, group: "write", template: "POST|PUT /reports/{name}/*", deniedBy: "points");
        await _recording.CountAsync(
            acme, 2, 20, cost: 100, group: "export", template: "POST /reports/{id}/export", deniedBy: "points");
        var policy = _recording.Policy(limits, "{ \"basic\": { \"points\": 100 } }", endpoints);
        (await _recording.ReplayAsync(policy, "--json")).ShouldBe(0).Json.GetProperty("denied").GetInt32().ShouldBe(0);
        var json = (await _recording.ReplayAsync(policy, "--json", "--costs", "policy")).ShouldBe(1).Json;
        Limit(json, "points").GetProperty("denied").GetInt32().ShouldBe(10);
        Limit(json, "points").GetProperty("worstMinute").GetProperty("start").GetString()
            .ShouldBe("2026-03-02T00:02:00Z");
    }

    [Fact]
    public async Task A_burst_finds_what_an_even_spread_does_not()
    {
        const string limits =
            """{ "burst": { "algorithm": "tokenBucket", "window": "60s", "per": "tenant", "refill": "1000%" } }""";
        var acme = await _recording.RegisterAsync("acme", "basic");
        await _recording.CountAsync(acme, 1, 60);
        var policy = _recording.Policy(limits, "{ \"basic\": { \"burst\": 10 } }");
        (await _recording.ReplayAsync(policy)).ShouldBe(0);
        var burst = (await _recording.ReplayAsync(policy, "--spread", "burst")).ShouldBe(1);
        burst.Out.ShouldContain("all checks of a minute came at once");
        burst.Out.ShouldContain("50 of 60 checks");
    }

    [Fact]
    public async Task A_plan_that_goes_refuses_all_of_its_tenants()
    {
        var acme = await _recording.RegisterAsync("acme", "gold");
        await _recording.RegisterAsync("idle", "gold");
        await _recording.CountAsync(acme, 1, 3);
        var result = (await _recording.ReplayAsync(_recording.Policy(Limits, Plans))).ShouldBe(1);
        result.Out.ShouldContain("acme    gold  (no such plan)");
        result.Out.ShouldContain("1 of 1 tenants");
    }

    [Theory]
    [InlineData("--usage", "/nowhere", "there is no such file")]
    [InlineData("--policy", "nothing", "no shipped policy of that name")]
    [InlineData("--from", "2025-01-01", "at most 92 days")]
    [InlineData("--to", "2026-03-01", "--from: it is not before --to")]
    public async Task Bad_input_is_told(string option, string value, string told)
    {
        var words = new Dictionary<string, string>
        {
            ["--policy"] = "waqti", ["--usage"] = _recording.Folder, ["--from"] = "2026-03-02", ["--to"] = "2026-03-03",
            [option] = value,
        };
        var result = await new Cli().RunAsync(["whatif", .. words.SelectMany(word => new[] { word.Key, word.Value })]);
        result.ShouldBe(2).Error.ShouldContain(told);
    }

    [Fact]
    public async Task The_folder_is_only_read_while_a_server_writes_it()
    {
        var acme = await _recording.RegisterAsync("acme", "basic");
        await _recording.CountAsync(acme, 1, 10);
        (await _recording.ReplayAsync("waqti")).ShouldBe(0).Out.ShouldContain("10 checks");
        await _recording.CountAsync(acme, 2, 10);
        (await _recording.ReplayAsync("waqti")).ShouldBe(0).Out.ShouldContain("20 checks");
    }

    private static JsonElement Limit(JsonElement json, string name) => json.GetProperty("items")[0]
        .GetProperty("limits").EnumerateArray().Single(limit => limit.GetProperty("limit").GetString() == name);
}
