using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Importing;
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

    [Theory]
    [InlineData("{\"code\":\"\\ud800\"}", null)]
    [InlineData("{}", "<http://[>; rel=\"next\"")]
    [InlineData("[]", null)]
    public async Task An_answer_of_another_shape_ends_it_and_says_where_to_go_on(string json, string? link)
    {
        await using var server = await CannedServer.StartAsync(context =>
        {
            if (link is not null) context.Response.Headers.Link = link;
            return CannedServer.JsonAsync(context, json, 400);
        });
        var importing = ImportAsync(server.Address, lines: 1_000);
        var result = await importing.WaitAsync(TimeSpan.FromMinutes(1));
        result.Code.ShouldNotBe(0);
        result.Json.GetProperty("resumeAt").GetInt32().ShouldBe(2);
        server.Asked.Count.ShouldBeLessThan(100);
    }

    [Fact]
    public async Task A_worker_that_ends_before_its_time_leaves_nobody_waiting()
    {
        using var client = new ServerClient(
            new Uri("http://127.0.0.1:1"), "any-key", "", TimeSpan.FromSeconds(1), TimeProvider.System);
        var run = new ImportRun(
            new BrokenKind(), new PatientClient(client), new ImportTally(1), new ImportOptions(2, 0, true, false));
        using var text = new StringReader("tenant\n" + string.Concat(Enumerable.Repeat("acme\n", 1_000)));
        var running = run.RunAsync(new CsvReader(text), static () => { }, default).WaitAsync(TimeSpan.FromMinutes(1));
        (await Should.ThrowAsync<NotSupportedException>(running)).Message.ShouldBe("A bug.");
        run.IsStopped.ShouldBeTrue();
    }

    private static Task<CliResult> ImportAsync(Uri server, int lines, params string[] options)
    {
        var input = "tenant,plan\n" + string.Concat(Enumerable.Range(0, lines).Select(i => $"t{i},basic\n"));
        return Cli.For(server).At(false, input).RunAsync(["tenants", "import", "-", "--json", .. options]);
    }

    /// <summary>Lines that nothing can be done with.</summary>
    private sealed class BrokenKind : IImportKind
    {
        public string Noun => "lines";

        public string? ReadHeader(string[] columns) => null;

        public (ImportLine? Line, string? Error) Read(string[] fields) => (new BrokenLine(), null);
    }

    private sealed class BrokenLine : ImportLine
    {
        public override async Task<LineOutcome> ApplyAsync(PatientClient server, CancellationToken cancellation)
        {
            await Task.Yield();
            throw new NotSupportedException("A bug.");
        }

        public override Task<LineOutcome> PreviewAsync(PatientClient server, CancellationToken cancellation) =>
            ApplyAsync(server, cancellation);
    }
}
