using System.Text.Json;

namespace Limiter.Server.Tests.Asking;

public sealed class TermsTests
{
    [Fact]
    public async Task Overrides_and_adjustments_are_set_shown_and_cleared()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        await server.RegisterAsync();
        (await cli.RunAsync("terms", "override", "acme", "minute", "500", "--reason", "asked")).ShouldBe(0);
        (await cli.RunAsync(
            "terms", "adjust", "acme", "minute", "--factor", "0.5", "--for", "1h", "--reason", "scraping"))
            .ShouldBe(0).Out.ShouldContain("minute of acme is times 0.5 until 2026-01-01T01:00:00Z.");
        (await NumberAsync(cli)).ShouldBe(250);
        var shown = (await cli.RunAsync("terms", "show", "acme")).ShouldBe(0).Out;
        shown.ShouldContain("override 500, times 0.5 = 250 until 2026-01-01T01:00:00Z (scraping)");

        (await cli.RunAsync("terms", "clear", "acme", "minute", "--adjustment")).ShouldBe(0).Out
            .ShouldBe("minute of acme: adjustment cleared.\n");
        (await NumberAsync(cli)).ShouldBe(500);
        (await cli.RunAsync("terms", "clear", "acme", "minute", "--json")).ShouldBe(0).Json.GetProperty("cleared")
            .EnumerateArray().Single().GetString().ShouldBe("override");
        (await cli.RunAsync("terms", "clear", "acme", "minute")).ShouldBe(1).Error.ShouldContain("no adjustment");
        (await NumberAsync(cli)).ShouldBe(60);
    }

    [Fact]
    public async Task A_tenant_is_suspended_and_goes_on()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        await server.RegisterAsync();
        (await cli.RunAsync("terms", "suspend", "acme", "--reason", "unpaid", "--until", "2026-02-01")).ShouldBe(0);
        (await cli.RunAsync("check", "GET", "/", "--tenant", "acme")).ShouldBe(1).Error.ShouldContain("suspended");
        var shown = (await cli.RunAsync("terms", "show", "acme")).ShouldBe(0);
        shown.Out.ShouldContain("suspended until 2026-02-01T00:00:00Z: unpaid");
        shown.Error.ShouldContain("The numbers in force are not shown");
        (await cli.RunAsync("terms", "show", "acme", "--json")).Json.GetProperty("terms").GetProperty("suspended")
            .GetBoolean().ShouldBeTrue();
        (await cli.RunAsync("terms", "resume", "acme", "--reason", "paid")).ShouldBe(0);
        (await cli.RunAsync("check", "GET", "/", "--tenant", "acme")).ShouldBe(0);
    }

    [Fact]
    public async Task A_change_names_who_made_it_and_why()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        var cli = Cli.For(server).With("LIMITER_ACTOR", "erin");
        (await cli.RunAsync("terms", "plan", "acme", "professional", "--reason", "bought")).ShouldBe(0);
        (await cli.RunAsync("terms", "plan", "acme", "basic", "--actor", "frank")).ShouldBe(0);
        var changes = await TestServer.ReadAsync(await server.Admin.GetAsync("/v1/tenants/acme/changes?limit=2"));
        changes.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("actor").GetString())
            .ShouldBe(["frank", "erin"]);
        changes.GetProperty("changes")[1].GetProperty("reason").GetString().ShouldBe("bought");
    }

    [Theory]
    [InlineData("plan nobody basic")]
    [InlineData("suspend nobody --reason x")]
    [InlineData("resume nobody")]
    public async Task A_misspelt_tenant_is_not_registered(string words)
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        (await cli.RunAsync(["terms", .. words.Split(' ')])).ShouldBe(1).Error
            .ShouldBe("limiter: The tenant is not registered.\n");
        (await cli.RunAsync("tenants", "list", "--json")).Json.GetProperty("tenants").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData(2, "override acme minute many", "NUMBER: 'many'")]
    [InlineData(1, "override acme hour 5", "it has: minute, day")]
    [InlineData(2, "adjust acme minute --factor 2 --to 5 --for 1h --reason x", "not both")]
    [InlineData(2, "adjust acme minute --factor 2 --reason x", "--until or --for")]
    [InlineData(2, "adjust acme minute --factor 1e3 --for 1h --reason x", "--factor: '1e3'")]
    [InlineData(2, "adjust acme minute --factor 2 --for 1h", "--reason")]
    [InlineData(1, "adjust acme minute --factor 2 --until 2025-12-31 --reason x", "in the future")]
    public async Task Bad_input_is_told(int code, string words, string told)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        (await Cli.For(server).RunAsync(["terms", .. words.Split(' ')])).ShouldBe(code).Error.ShouldContain(told);
    }

    private static async Task<int> NumberAsync(Cli cli)
    {
        var shown = (await cli.RunAsync("terms", "show", "acme", "--json")).ShouldBe(0).Json;
        return shown.GetProperty("explained").GetProperty("limits").EnumerateArray()
            .Single((JsonElement limit) => limit.GetProperty("name").GetString() == "minute")
            .GetProperty("limit").GetInt32();
    }
}
