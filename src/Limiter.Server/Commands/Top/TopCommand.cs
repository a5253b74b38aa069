using System.CommandLine;
using System.Text.Json;
using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.Top;

/// <summary><c>limiter top</c>: the busiest tenants, live on a terminal, once elsewhere.</summary>
internal sealed class TopCommand
{
    // Home, and clear to the end of each line and of the screen: nothing flickers, and nothing is left over.
    private const string Home = "\e[H";
    private const string EndOfLine = "\e[K\n";
    private const string EndOfScreen = "\e[J";
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string Clear = "\e[2J";

    private readonly Option<long> _take = Define.Number("--take", "tenants to show", 1, 1_000, 20);
    private readonly Option<string> _order = Define.Choice(
        "--order", "the most loaded first, or those nearest a limit", "load", "load", "near");
    private readonly Option<long> _every = Define.Number("--every", "seconds between two looks", 1, 3_600, 2);
    private readonly Option<long> _count = Define.Number(
        "--count", "looks, then end; default: until Ctrl-C", 1, 1_000_000);
    private readonly Option<bool> _once = Define.Flag("--once", "look once, on a terminal too");

    public Command In(CommandHost host) => host.Remote(
        "top", "Show the busiest tenants: live on a terminal, once elsewhere.", RunAsync,
        _take, _order, _every, _count, _once);

    private async Task<int> RunAsync(CommandRun run, CancellationToken cancellation)
    {
        if (run.Json || run.Get(_once) || !run.Screen.OutIsTerminal)
        {
            var overview = await LookAsync(run, cancellation).ConfigureAwait(false);
            if (run.Json) await run.PrintAsync(overview).ConfigureAwait(false);
            else
                foreach (var line in OverviewText.Lines(overview, run.Screen.HasColours))
                    await run.Out.WriteLineAsync(line).ConfigureAwait(false);
            return ExitCode.Done;
        }
        await run.Out.WriteAsync(HideCursor + Clear).ConfigureAwait(false);
        try
        {
            await WatchAsync(run, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how it ends.
        }
        finally
        {
            await run.Out.WriteAsync(ShowCursor).ConfigureAwait(false);
        }
        return ExitCode.Done;
    }

    private async Task WatchAsync(CommandRun run, CancellationToken cancellation)
    {
        var looks = run.Has(_count) ? run.Get(_count) : long.MaxValue;
        for (var look = 1L; ; look++)
        {
            var overview = await LookAsync(run, cancellation).ConfigureAwait(false);
            var lines = OverviewText.Lines(overview, run.Screen.HasColours).Take(run.Screen.Height - 1);
            await run.Out.WriteAsync(Home + string.Concat(lines.Select(line => line + EndOfLine)) + EndOfScreen)
                .ConfigureAwait(false);
            await run.Out.FlushAsync(cancellation).ConfigureAwait(false);
            if (look == looks) return;
            await Task.Delay(TimeSpan.FromSeconds(run.Get(_every)), run.Clock, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<JsonElement> LookAsync(CommandRun run, CancellationToken cancellation)
    {
        var path = FormattableString.Invariant($"v1/overview?order={run.Get(_order)}&take={run.Get(_take)}");
        return (await run.Server.GetAsync(path, cancellation).ConfigureAwait(false)).OrFail().Body;
    }
}
