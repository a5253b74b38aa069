using Microsoft.AspNetCore.Http;

namespace Limiter.Server.Tests.Asking;

public sealed class UsageTests
{
    private const string Counts = """
        "checks":12,"allowed":10,"denied":2,"refused":0,"degraded":0,"cost":10,"deniedBy":{"minute":2},"shadowedBy":{}
        """;

    private const string Page = $$"""
        {"tenant":"acme","plan":"basic","from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z","by":"hour",
        "split":"none","total":{{{Counts}}},"items":[{"start":"2026-01-01T00:00:00Z","end":"2026-01-01T01:00:00Z",
        "closed":true,{{Counts}}},{"start":"2026-01-01T01:00:00Z","end":"2026-01-01T02:00:00Z","closed":false,
        {{Counts}}}]}
        """;

    [Fact]
    public async Task Periods_are_lines_and_the_total_is_the_last()
    {
        await using var server = await CannedServer.StartAsync(Page);
        var result = (await Cli.For(server.Address).RunAsync(
            "usage", "acme", "--from", "2026-01-01", "--to", "2026-01-02T00:00:00Z")).ShouldBe(0);
        result.Lines[0].ShouldBe("acme (basic)  2026-01-01T00:00:00Z to 2026-01-02T00:00:00Z");
        result.Lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["2026-01-01T00:00:00Z", "12", "10", "2", "0", "0", "10", "minute=2"]);
        result.Lines[3].ShouldContain("(open)");
        result.Lines[4].ShouldStartWith("total");
        server.Asked.ShouldHaveSingleItem().ShouldBe(
            "GET /v1/usage/acme?by=hour&split=none"
            + "&from=2026-01-01T00%3A00%3A00Z&to=2026-01-02T00%3A00%3A00Z&take=1000");
        (await Cli.For(server.Address).RunAsync("usage", "acme", "--json")).Json.GetProperty("items").GetArrayLength()
            .ShouldBe(2);
    }

    [Theory]
    [InlineData("hour", "none")]
    [InlineData("day", "none")]
    [InlineData("minute", "endpoint")]
    [InlineData("hour", "key")]
    public async Task A_real_server_is_read_in_every_shape(string by, string split)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        var cli = Cli.For(server);
        for (var i = 0; i < 61; i++) await cli.RunAsync("check", "GET", "/x", "--tenant", "acme");
        server.Clock.Advance(TimeSpan.FromHours(26));
        string[] usage = ["usage", "acme", "--from", "2026-01-01", "--by", by, "--split", split];
        var shown = (await cli.RunAsync(usage)).ShouldBe(0);
        shown.Lines.Length.ShouldBe(4, shown.Out);
        shown.Lines[2].ShouldContain("minute=1");
        if (split == "none") shown.Lines[2].ShouldContain("61 at 2026-01-01T00:00:00Z");
        var json = (await cli.RunAsync([.. usage, "--json"])).ShouldBe(0).Json;
        json.GetProperty("total").GetProperty("checks").GetInt32().ShouldBe(61);
        json.GetProperty("items").GetArrayLength().ShouldBe(1);
        var csv = (await cli.RunAsync([.. usage, "--csv"])).ShouldBe(0);
        csv.Lines.Length.ShouldBe(2, csv.Out);
        csv.Lines[1].ShouldStartWith("2026-01-01T00:00:00Z,");
        (await cli.RunAsync("usage", "nobody")).ShouldBe(1).Error.ShouldContain("not registered");
    }

    [Fact]
    public async Task Csv_of_a_real_server_goes_through_its_pages()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        var cli = Cli.For(server);
        for (var minute = 0; minute < 5; minute++)
        {
            await cli.RunAsync("check", "GET", "/x", "--tenant", "acme");
            server.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        string[] usage = ["usage", "acme", "--by", "minute"];
        var all = (await cli.RunAsync([.. usage, "--csv"])).ShouldBe(0);
        all.Lines.Length.ShouldBe(6, all.Out);
        var first = (await cli.RunAsync([.. usage, "--json", "--take", "3"])).ShouldBe(0).Json;
        var rest = (await cli.RunAsync([.. usage, "--json", "--after", first.GetProperty("next").GetString()!]))
            .ShouldBe(0).Json;
        (first.GetProperty("items").GetArrayLength(), rest.GetProperty("items").GetArrayLength()).ShouldBe((3, 2));
    }

    [Fact]
    public async Task Csv_is_copied_page_after_page_under_one_header()
    {
        await using var server = await CannedServer.StartAsync(context =>
        {
            context.Request.Headers.Accept.ToString().ShouldBe("text/csv");
            context.Response.ContentType = "text/csv";
            if (context.Request.Query.ContainsKey("after"))
                return context.Response.WriteAsync("start,checks\r\nc,3\r\n");
            context.Response.Headers.Link = "</v1/usage/acme?after=x>; rel=\"next\"";
            return context.Response.WriteAsync("start,checks\r\na,1\r\n\"b\r\n\"\"b\",2\r\n");
        });
        var cli = Cli.For(server.Address);
        (await cli.RunAsync("usage", "acme", "--csv")).ShouldBe(0).Out
            .ShouldBe("start,checks\r\na,1\r\n\"b\r\n\"\"b\",2\r\nc,3\r\n");
        (await cli.RunAsync("usage", "acme", "--csv", "--take", "1")).Out.ShouldBe("start,checks\r\na,1\r\n");
        (await cli.RunAsync("usage", "acme", "--csv", "--json")).ShouldBe(2);
    }

    [Fact]
    public async Task A_link_to_another_host_is_not_followed()
    {
        await using var elsewhere = await CannedServer.StartAsync("{}");
        await using var server = await CannedServer.StartAsync(context =>
        {
            context.Response.Headers.Link = $"<{elsewhere.Address}v1/usage/acme>; rel=\"next\"";
            return context.Response.WriteAsync("start\r\n");
        });
        (await Cli.For(server.Address).RunAsync("usage", "acme", "--csv")).ShouldBe(0);
        elsewhere.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--by week", "minute, hour, day, month")]
    [InlineData("--split tenant", "none, endpoint, key")]
    [InlineData("--from yesterday", "--from: 'yesterday' is no time")]
    public async Task Bad_input_is_told(string words, string told)
    {
        var cli = Cli.For(new Uri("http://127.0.0.1:1"));
        (await cli.RunAsync(["usage", "acme", .. words.Split(' ')])).ShouldBe(2).Error.ShouldContain(told);
    }
}
