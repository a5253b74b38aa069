using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Limiter.Server.Tests.Running;

/// <summary>The program itself, as a process of its own.</summary>
public sealed class ProgramTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Beside the server's assembly, where its own project builds it.</summary>
    private static readonly string Program = Find();

    [Fact]
    public async Task It_is_called_limiter_and_asks_a_server()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        var (code, output, _) = await RunAsync(server.Address, "tenants", "list", "--json");
        code.ShouldBe(0);
        output.ShouldStartWith("{\"tenants\":[{\"tenant\":\"acme\"");
        (await RunAsync(new Uri("http://127.0.0.1:1"), "tenants", "list")).Code.ShouldBe(3);
        (await RunAsync(server.Address, "nope")).Code.ShouldBe(2);
        (await RunAsync(server.Address, "serve", "--nope")).Code.ShouldBe(2);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData]
    public async Task It_serves_with_and_without_the_word_and_stops_when_it_is_told(params string[] word)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("There are no signals to send there.");
        using var process = Start(
            new Uri("http://127.0.0.1:1"), [.. word, "--data", "memory", "--urls", "http://127.0.0.1:0"]);
        var greeting = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        greeting!.ShouldStartWith("Limiter serves the policy waqti at http://127.0.0.1:");
        var address = new Uri(greeting.Split(' ')[6]);
        (await RunAsync(address, "check", "GET", "/", "--tenant", "acme", "--key", "dev")).Code.ShouldBe(0);
        Interrupt(process.Id, 15).ShouldBe(0);
        await process.WaitForExitAsync().WaitAsync(Patience);
        process.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Bash_completes_by_its_script()
    {
        if (!File.Exists("/bin/bash")) Assert.Skip("There is no bash here.");
        const string typed = """
            source <(limiter completion bash)
            COMP_WORDS=(limiter tenants re) COMP_CWORD=2 COMP_LINE='limiter tenants re' COMP_POINT=18
            _limiter
            echo "${COMPREPLY[*]}"
            """;
        var start = new ProcessStartInfo("/bin/bash", ["-c", typed]) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Program)}:{Environment.GetEnvironmentVariable("PATH")}";
        using var bash = Process.Start(start)!;
        var completed = await bash.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        completed.ShouldBe("remove\n");
    }

    [Fact]
    public async Task The_document_tells_of_every_command_and_of_no_other()
    {
        var root = Program[..Program.LastIndexOf("src", StringComparison.Ordinal)];
        var rows = (await File.ReadAllLinesAsync(Path.Combine(root, "docs", "commands.md")))
            .SkipWhile(line => !line.StartsWith("| command")).Skip(2).TakeWhile(line => line.StartsWith('|'));
        var told = rows.Select(row => row.Split('|')[1]).SelectMany(cell =>
            Regex.Matches(cell, "`(?:limiter )?([a-z]+(?: [a-z]+)?)").Select(word => word.Groups[1].Value));
        var groups = new[] { "tenants", "keys", "terms", "policy" };
        var words = told.Select(word => word.Split(' ')[^1]).ToHashSet();
        foreach (var group in groups)
            foreach (var name in await CommandsAsync(group)) words.ShouldContain(name, group);
        var top = (await CommandsAsync()).Except(groups).ToArray();
        words.ShouldBeSubsetOf(
            [.. top, .. (await Task.WhenAll(groups.Select(group => CommandsAsync(group)))).SelectMany(names => names),
                .. Commands.Completion.CompletionScript.Shells]);
        top.Except(words).ShouldBe(["completion"]);
    }

    /// <summary>The names under "Commands:" of a help.</summary>
    private static async Task<string[]> CommandsAsync(params string[] group) =>
        [.. (await new Cli().RunAsync([.. group, "--help"])).Lines.SkipWhile(line => line != "Commands:").Skip(1)
            .Select(line => Regex.Match(line, @"^  ([a-z]+)").Groups[1].Value).Where(name => name.Length > 0)];

    [Fact]
    public async Task Ctrl_C_leaves_an_import_where_it_can_go_on()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("There are no signals to send there.");
        var (enough, open) = (new TaskCompletionSource(), new TaskCompletionSource());
        var answered = 0;
        await using var server = await CannedServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref answered) == 50) enough.SetResult();
            if (answered > 50) await open.Task;
            await CannedServer.JsonAsync(context, "{}", 201);
        });
        using var folder = new TemporaryFolder();
        var file = folder.File("many.csv");
        var lines = Enumerable.Range(0, 5_000).Select(i => $"t{i},basic\n");
        await File.WriteAllTextAsync(file, "tenant,plan\n" + string.Concat(lines));
        using var process = Start(server.Address, "tenants", "import", file, "--parallel", "4");
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await enough.Task.WaitAsync(Patience);
        Interrupt(process.Id, 2).ShouldBe(0);
        open.SetResult();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        process.ExitCode.ShouldBe(130, await errors);
        (await output).ShouldContain(" added, 0 were there, 0 failed");
        (await errors).ShouldContain("go on with --from-line ");
        server.Asked.Count.ShouldBeLessThan(5_000);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(Uri server, params string[] args)
    {
        using var process = Start(server, args);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await errors);
    }

    private static Process Start(Uri server, params string[] args)
    {
        var start = new ProcessStartInfo(Program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["LIMITER_SERVER"] = server.ToString();
        start.Environment["LIMITER_KEY"] = TestServer.AdminKey;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        return Process.Start(start)!;
    }

    private static string Find()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var root = output;
        while (!File.Exists(Path.Combine(root.FullName, "Limiter.sln")))
            root = root.Parent ?? throw new InvalidOperationException($"No Limiter.sln above {output}.");
        var name = OperatingSystem.IsWindows() ? "limiter.exe" : "limiter";
        return Path.Combine(root.FullName, "src", "Limiter.Server", "bin", output.Parent!.Name, output.Name, name);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Interrupt(int process, int signal);
}
