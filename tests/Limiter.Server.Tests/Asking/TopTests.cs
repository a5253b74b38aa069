namespace Limiter.Server.Tests.Asking;

public sealed class TopTests
{
    private const string Overview = """
        {"now":"2026-01-01T00:05:00Z","policy":{"name":"waqti","version":3},"degraded":{"now":true,"seconds":4},
        "perSecond":{"allowed":1.5,"denied":0.2,"refused":0,"degraded":0},"active":2,"near":1,"over":1,"tenants":[
        {"tenant":"acme","plan":"basic","checks":500,"allowed":400,"denied":100,"refused":0,"degraded":0,"cost":400,
        "deniedBy":{"minute":100},"shadowedBy":{},"state":"over",
        "limits":[{"name":"minute","limit":60,"remaining":0,"resetsAt":"2026-01-01T00:05:30Z"}]},
        {"tenant":"globex","plan":"basic","checks":5,"allowed":5,"denied":0,"refused":0,"degraded":0,"cost":5,
        "state":"ok","limits":[]}]}
        """;

    [Fact]
    public async Task A_real_servers_tenants_are_shown_with_what_is_left()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        var cli = Cli.For(server);
        for (var i = 0; i < 61; i++) await cli.RunAsync("check", "GET", "/x", "--tenant", "acme");
        // By the call: what the server's timers do is done when it answers.
        (await server.Anyone.PutAsync("/dev/clock", TestServer.Json("{\"advanceSeconds\":75}")))
            .EnsureSuccessStatusCode();
        var result = (await cli.RunAsync("top")).ShouldBe(0);
        result.Lines[0].ShouldContain("policy waqti");
        var acme = result.Lines.Single(line => line.StartsWith("acme"));
        acme.ShouldContain(" 61 ");
        acme.ShouldContain("day 940/1000");
        (await cli.RunAsync("top", "--json")).Json.GetProperty("tenants").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_terminal_it_looks_once()
    {
        await using var server = await CannedServer.StartAsync(Overview);
        var result = (await Cli.For(server.Address).RunAsync("top", "--order", "near", "--take", "2")).ShouldBe(0);
        server.Asked.ShouldHaveSingleItem().ShouldBe("GET /v1/overview?order=near&take=2");
        result.Lines[0].ShouldBe("2026-01-01T00:05:00Z  policy waqti 3  2 tenants, 1 near a limit, 1 over");
        result.Lines[2].ShouldBe("The store is out of reach; 4 s in all.");
        result.Lines[4].ShouldContain("minute 0/60");
        result.Out.ShouldNotContain("\e");
        (await Cli.For(server.Address).RunAsync("top", "--json")).Json.GetProperty("tenants").GetArrayLength()
            .ShouldBe(2);
    }

    [Fact]
    public async Task On_a_terminal_it_looks_again_in_place_and_shows_the_cursor_at_the_end()
    {
        await using var server = await CannedServer.StartAsync(Overview);
        var cli = Cli.For(server.Address).At(terminal: true);
        var result = (await cli.RunAsync("top", "--every", "1", "--count", "2")).ShouldBe(0);
        server.Asked.Count.ShouldBe(2);
        result.Out.Split("\e[H").Length.ShouldBe(3);
        result.Out.ShouldContain("\e[31macme");
        result.Out.ShouldEndWith("\e[?25h");
        (await cli.RunAsync("top", "--once")).Out.ShouldNotContain("\e[H");
    }

    [Fact]
    public async Task A_failure_leaves_the_terminal_as_it_was()
    {
        var result = await Cli.For(new Uri("http://127.0.0.1:1")).At(terminal: true).RunAsync("top");
        result.ShouldBe(3).Out.ShouldEndWith("\e[?25h");
    }
}
