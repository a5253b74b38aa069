namespace Limiter.Server.Tests.Asking;

public sealed class CheckTests
{
    [Fact]
    public async Task A_check_is_charged_and_its_denial_is_exit_code_1()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        await server.RegisterAsync();
        (await cli.RunAsync("terms", "override", "acme", "minute", "1")).ShouldBe(0);
        var allowed = (await cli.RunAsync("check", "GET", "/things?x=1", "--tenant", "acme")).ShouldBe(0);
        allowed.Lines[0].ShouldBe("allowed  acme (basic)  group standard, cost 1, exact");
        allowed.Lines[2].ShouldStartWith("minute       1     0  2026-01-01T00:01:");
        var denied = (await cli.RunAsync("check", "GET", "/things", "--tenant", "acme")).ShouldBe(1);
        denied.Lines[0].ShouldStartWith("denied  acme (basic)");
        denied.Lines[0].ShouldContain("passes in 6");
        var json = (await cli.RunAsync("check", "GET", "/things", "--tenant", "acme", "--json")).ShouldBe(1).Json;
        json.GetProperty("violated")[0].GetString().ShouldBe("minute");
    }

    [Fact]
    public async Task An_explanation_tells_where_numbers_come_from_and_charges_nothing()
    {
        await using var server = await TestServer.StartAsync(Http.Tests.Policies.Shipped("lms"));
        var cli = Cli.For(server);
        var plan = (await cli.RunAsync("policy", "show", "lms", "--json")).Json.GetProperty("plans").EnumerateObject()
            .First().Name;
        (await cli.RunAsync("tenants", "add", "acme", "--plan", plan)).ShouldBe(0);
        string[] words = ["explain", "GET", "/", "--tenant", "acme", "--tenant-key", "k1", "--ip", "203.0.113.9"];
        (await cli.RunAsync("keys", "mint", "acme", "--name", "ci", "--public", "k1")).ShouldBe(0);
        var told = (await cli.RunAsync(words)).ShouldBe(0);
        told.Lines[0].ShouldBe("request  GET /");
        told.Lines[1].ShouldBe($"tenant   acme (plan {plan})");
        told.Lines[3].ShouldBe("passes   now");
        told.Lines.Count(line => line.StartsWith('>')).ShouldBe(2, told.Out);
        var before = (await cli.RunAsync([.. words, "--json"])).Json.ToString();
        (await cli.RunAsync([.. words, "--json"])).Json.ToString().ShouldBe(before);
    }

    [Theory]
    [InlineData(1, "GET / --tenant nobody", "not registered")]
    [InlineData(1, "GET / --tenant acme --cost 5", "cost")]
    [InlineData(2, "GET / --tenant acme --cost 0", "--cost: '0' is no whole number from 1 to 1000000")]
    [InlineData(2, "GET", "Required argument")]
    [InlineData(2, "GET / --credential-file /nowhere/secret", "--credential-file: /nowhere/secret: cannot be read")]
    public async Task Bad_input_is_told(int code, string words, string told)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        foreach (var command in new[] { "check", "explain" })
            (await Cli.For(server).RunAsync([command, .. words.Split(' ')])).ShouldBe(code).Error
                .ShouldContain(told, Case.Insensitive);
    }
}
