using System.Text.Json;

namespace Limiter.Server.Tests.Importing;

public sealed class TenantImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tenants_are_registered_with_their_overrides_and_again_without_a_change()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        var file = Write("tenant,plan,minute,day\na,basic,7,\nb,professional,,unlimited\n\"c\",basic,,\n");
        var first = (await cli.RunAsync("tenants", "import", file, "--json")).ShouldBe(0).Json;
        Counts(first).ShouldBe((3, 0, 0));
        var second = (await cli.RunAsync("tenants", "import", file)).ShouldBe(0);
        second.Out.ShouldStartWith("3 tenants: 0 added, 3 were there, 0 failed in ");
        var tenant = (await cli.RunAsync("tenants", "show", "a", "--json")).Json;
        tenant.GetProperty("overrides").ToString().ShouldBe("{\"minute\":7}");
        var changes = await TestServer.ReadAsync(await server.Admin.GetAsync("/v1/tenants/a/changes"));
        changes.GetProperty("changes").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Without_columns_of_limits_overrides_stay()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        (await cli.RunAsync("tenants", "add", "a", "--plan", "basic", "--override", "minute=7")).ShouldBe(0);
        (await cli.RunAsync("tenants", "import", Write("plan,tenant\nprofessional,a\n"))).ShouldBe(0);
        var tenant = (await cli.RunAsync("tenants", "show", "a", "--json")).Json;
        tenant.GetProperty("plan").GetString().ShouldBe("professional");
        tenant.GetProperty("overrides").ToString().ShouldBe("{\"minute\":7}");
    }

    [Fact]
    public async Task Every_bad_line_is_told_with_its_number_and_the_rest_is_done()
    {
        await using var server = await TestServer.StartAsync();
        var file = Write("tenant,plan,minute\na,basic,1\n-b,basic,\nc,gold,\nd,basic,many\ne,basic\n\"f,basic,\ng\n");
        var result = (await Cli.For(server).RunAsync("tenants", "import", file, "--continue")).ShouldBe(1);
        result.Out.ShouldStartWith("6 tenants: 1 added, 0 were there, 5 failed");
        foreach (var (line, told) in new[]
        {
            (3, "'-b' is no tenant's name"), (4, "one of basic"), (5, "minute: 'many'"),
            (6, "2 fields, the header has 3"), (7, "does not end"),
        })
            result.Error.Split('\n').Single(one => one.StartsWith($"{file}:{line}: ")).ShouldContain(told);
        result.Error.ShouldNotContain("Stopped");
    }

    [Fact]
    public async Task It_stops_at_a_bad_line_and_goes_on_from_there()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        var lines = Enumerable.Range(0, 200).Select(i => $"t{i},{(i == 100 ? "gold" : "basic")}").ToArray();
        var file = Write("tenant,plan\n" + string.Join('\n', lines));
        var stopped = (await cli.RunAsync("tenants", "import", file, "--json")).ShouldBe(1).Json;
        stopped.GetProperty("failed").GetInt32().ShouldBe(1);
        stopped.GetProperty("errors")[0].GetProperty("line").GetInt32().ShouldBe(102);
        stopped.GetProperty("resumeAt").GetInt32().ShouldBe(102);
        stopped.GetProperty("added").GetInt32().ShouldBeInRange(100, 150);

        lines[100] = "t100,basic";
        await File.WriteAllTextAsync(file, "tenant,plan\n" + string.Join('\n', lines));
        var rest = (await cli.RunAsync("tenants", "import", file, "--from-line", "102", "--json")).ShouldBe(0).Json;
        rest.GetProperty("lines").GetInt32().ShouldBe(100);
        (await cli.RunAsync("tenants", "list", "--json")).Json.GetProperty("tenants").GetArrayLength().ShouldBe(200);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var cli = Cli.For(server);
        await server.RegisterAsync("a");
        var file = Write("tenant,plan\na,professional\nb,basic\n");
        var dry = (await cli.RunAsync("tenants", "import", file, "--dry-run", "--json")).ShouldBe(0).Json;
        Counts(dry).ShouldBe((1, 1, 0));
        (await cli.RunAsync("tenants", "show", "a", "--json")).Json.GetProperty("plan").GetString().ShouldBe("basic");
        (await cli.RunAsync("tenants", "show", "b")).ShouldBe(1);
    }

    [Theory]
    [InlineData("", "line 1: the file is empty")]
    [InlineData("tenant,name\na,b\n", "line 1: the header lacks plan")]
    [InlineData("tenant,plan,plan\n", "names plan twice")]
    [InlineData("tenant,plan,\n", "column 3 has no name")]
    [InlineData("tenant,plan,Not A Limit\n", "cannot be a limit's name")]
    public async Task A_wrong_header_is_exit_code_2(string text, string told)
    {
        await using var server = await TestServer.StartAsync();
        (await Cli.For(server).RunAsync("tenants", "import", Write(text))).ShouldBe(2).Error.ShouldContain(told);
    }

    [Fact]
    public async Task It_reads_standard_input_and_refuses_what_is_no_text()
    {
        await using var server = await TestServer.StartAsync();
        (await Cli.For(server).At(false, "tenant,plan\na,basic\n").RunAsync("tenants", "import", "-")).ShouldBe(0);
        var file = _folder.File("latin");
        await File.WriteAllBytesAsync(file, [.. "tenant,plan\nb,basic\n"u8, 0xE9, .. ",basic\n"u8]);
        (await Cli.For(server).RunAsync("tenants", "import", file)).ShouldBe(2).Error.ShouldContain("not UTF-8");
        (await Cli.For(server).RunAsync("tenants", "import", "/nowhere/file")).ShouldBe(2).Error
            .ShouldContain("cannot be read");
    }

    private string Write(string text)
    {
        var file = _folder.File("tenants.csv");
        File.WriteAllText(file, text);
        return file;
    }

    private static (int, int, int) Counts(JsonElement sum) => (
        sum.GetProperty("added").GetInt32(), sum.GetProperty("present").GetInt32(),
        sum.GetProperty("failed").GetInt32());
}
