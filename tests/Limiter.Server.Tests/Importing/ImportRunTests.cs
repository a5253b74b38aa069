using Microsoft.AspNetCore.Http;

namespace Limiter.Server.Tests.Importing;

/// <summary>Imports when the server is busy, goes away, or says no for good.</summary>
public sealed class ImportRunTests
{
    [Fact]
    public async Task A_busy_server_is_asked_again()
    {
        var asked = 0;
        await using var server = await CannedServer.StartAsync(context => Interlocked.Increment(ref asked) < 3
            ? CannedServer.JsonAsync(context, "{\"code\":\"busy\",\"detail\":\"Busy.\"}", 503)
            : CannedServer.JsonAsync(context, "{}", 201));
        var result = await ImportAsync(server.Address, lines: 1);
        result.ShouldBe(0).Json.GetProperty("added").GetInt32().ShouldBe(1);
        asked.ShouldBe(3);
    }

    [Fact]
    public async Task A_key_that_is_not_accepted_ends_it_with_exit_code_4()
    {
        await using var server = await CannedServer.StartAsync(context =>
            CannedServer.JsonAsync(context, "{\"code\":\"unauthorized\",\"detail\":\"No.\"}", 401));
        var result = await ImportAsync(server.Address, lines: 1_000, "--continue");
        result.ShouldBe(4).Json.GetProperty("resumeAt").GetInt32().ShouldBe(2);
        server.Asked.Count.ShouldBeLessThan(100);
    }

    [Fact]
    public async Task No_more_lines_are_under_way_than_is_said()
    {
        var (open, most, gate) = (0, 0, new Lock());
        await using var server = await CannedServer.StartAsync(async context =>
        {
            lock (gate) most = Math.Max(most, ++open);
            await Task.Yield();
            lock (gate) open--;
            await CannedServer.JsonAsync(context, "{}", 201);
        });
        (await ImportAsync(server.Address, lines: 300, "--parallel", "3")).ShouldBe(0);
        most.ShouldBeInRange(1, 3);
        server.Asked.Count.ShouldBe(300);
    }

    [Fact]
    public async Task Only_so_many_failed_lines_are_shown()
    {
        await using var server = await CannedServer.StartAsync(context =>
            CannedServer.JsonAsync(context, "{\"code\":\"unknown_plan\",\"detail\":\"\\u001b[2JNo.\"}", 400));
        var input = "tenant,plan\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"t{i},basic\n"));
        var result = await Cli.For(server.Address).At(false, input)
            .RunAsync("tenants", "import", "-", "--continue", "--errors", "5");
        result.ShouldBe(1).Error.Split('\n').Count(line => line.StartsWith("-:")).ShouldBe(5);
        result.Error.ShouldContain("45 more failed lines are not shown");
        result.Error.ShouldNotContain("\e");
    }

    private static Task<CliResult> ImportAsync(Uri server, int lines, params string[] options)
    {
        var input = "tenant,plan\n" + string.Concat(Enumerable.Range(0, lines).Select(i => $"t{i},basic\n"));
        return Cli.For(server).At(false, input).RunAsync(["tenants", "import", "-", "--json", .. options]);
    }
}
