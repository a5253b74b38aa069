using System.CommandLine;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Completion;

/// <summary><c>limiter completion</c>: the script of a shell.</summary>
internal sealed class CompletionCommand
{
    private readonly Argument<string> _shell = Define.Argument("SHELL", string.Join(", ", CompletionScript.Shells));

    public CompletionCommand() => _shell.CompletionSources.Add(_ => CompletionScript.Shells.Select(shell =>
        new System.CommandLine.Completions.CompletionItem(shell)));

    public Command In(CommandHost host) => host.Local(
        "completion", "Print what makes a shell complete limiter's command lines.", RunAsync, _shell);

    private async Task<int> RunAsync(CommandRun run, CancellationToken cancellation)
    {
        var shell = run.Get(_shell);
        if (!CompletionScript.Shells.Contains(shell))
            throw CommandFailedException.WrongUsage(
                $"SHELL: '{shell}' is not one of {string.Join(", ", CompletionScript.Shells)}");
        var script = CompletionScript.Of(shell).ReplaceLineEndings("\n");
        await run.Out.WriteAsync(run.Json ? JsonLine.Of(json => json.WriteString("script", script)) + "\n" : script)
            .ConfigureAwait(false);
        return ExitCode.Done;
    }
}
