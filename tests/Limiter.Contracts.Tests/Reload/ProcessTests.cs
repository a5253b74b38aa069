using System.Diagnostics;
using Limiter.Contracts.Tests.Running;

namespace Limiter.Contracts.Tests.Reload;

/// <summary>A process of its own follows its policy's file.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("policy.json");

    [Fact]
    public async Task A_file_that_is_renamed_over_the_policy_comes_into_force()
    {
        await System.IO.File.WriteAllTextAsync(File, PolicyTexts.Wide);
        var (server, _) = await ListenAsync();
        await using var ending = server;
        await System.IO.File.WriteAllTextAsync(File + "~", PolicyTexts.Narrow);
        System.IO.File.Move(File + "~", File, overwrite: true);
        await server.SaysAsync("The policy narrow is in force, as generation 2");
    }

    [Fact]
    public async Task A_link_that_is_turned_to_another_file_is_followed()
    {
        await System.IO.File.WriteAllTextAsync(_folder.File("first.json"), PolicyTexts.Wide);
        await System.IO.File.WriteAllTextAsync(_folder.File("second.json"), PolicyTexts.Narrow);
        // As config maps do: the file is a link through a link, and that one is replaced.
        System.IO.File.CreateSymbolicLink(_folder.File("..data"), _folder.File("first.json"));
        System.IO.File.CreateSymbolicLink(File, _folder.File("..data"));
        var (server, _) = await ListenAsync();
        await using var ending = server;
        System.IO.File.CreateSymbolicLink(_folder.File("..next"), _folder.File("second.json"));
        System.IO.File.Move(_folder.File("..next"), _folder.File("..data"), overwrite: true);
        await server.SaysAsync("The policy narrow is in force, as generation 2");
    }

    [Fact]
    public async Task SIGHUP_has_the_file_looked_at_and_a_bad_one_is_refused_with_every_error()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("There is no SIGHUP.");
        await System.IO.File.WriteAllTextAsync(File, PolicyTexts.Wide);
        var (server, address) = await ListenAsync();
        await using var ending = server;
        using var client = new HttpClient { BaseAddress = address };
        await System.IO.File.WriteAllTextAsync(File, PolicyTexts.Broken);
        await SignalAsync(server);
        await server.SaysAsync("generation 1 stays in force");
        var output = await server.SaysAsync("$.limits.hour.number");
        output.ShouldContain("is refused, with 3 errors");
        output.ShouldContain($"{File}: line 4: $.limits.minute.algorithm");
        output.ShouldContain($"{File}: line 5: $.limits.hour.window");
        var answer = await client.GetStringAsync("/readyz");
        answer.ShouldContain("\"name\":\"wide\"");
        answer.ShouldContain("\"errors\":3");
        await System.IO.File.WriteAllTextAsync(File, PolicyTexts.Narrow);
        await SignalAsync(server);
        await server.SaysAsync("The policy narrow is in force, as generation 2");
    }

    public void Dispose() => _folder.Dispose();

    private Task<(ServerProcess Server, Uri Address)> ListenAsync() => ServerProcess.ListenAsync(
        _folder.Path, "--policy", File, "--data", "memory", "--no-samples");

    private static async Task SignalAsync(ServerProcess server)
    {
        using var kill = Process.Start("kill", ["-HUP", $"{server.Id}"]);
        await kill.WaitForExitAsync();
        kill.ExitCode.ShouldBe(0);
    }
}
