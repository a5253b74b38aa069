using System.CommandLine;
using Limiter.Engine.Clocks;
using Limiter.Http.Startup;
using Limiter.Server.Commands.Running;
using Limiter.Server.Demo;
using Limiter.Server.Options;

namespace Limiter.Server.Commands.Demo;

/// <summary>
/// <c>limiter demo</c>: a server in memory with 200 tenants whose last days it has been through, so that there is
/// something to see. Everything goes through the server's own calls.
/// </summary>
internal sealed class DemoCommand
{
    private const string Policy = "demo";

    // Alerts are shown by the page; a line for each of the week's would hide how far the replay is.
    private static readonly string Nowhere = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";

    private readonly Option<long> _seed = Define.Number(
        "--seed", "makes other tenants and traffic; the same for the same number", 0, int.MaxValue, 1);

    private readonly Option<string?> _urls = Define.Text(
        "--urls", "URL", $"loopback address to listen on; default {ServerOptions.DefaultUrls}");

    private readonly Option<bool> _once = Define.Flag("--once", "end when the days are played");

    public Command In(CommandHost host) => host.Local(
        "demo", "Serve 200 made-up tenants of five contracts, with seven days behind them, to look at.",
        RunAsync, _seed, _urls, _once);

    private async Task<int> RunAsync(CommandRun run, CancellationToken cancellation)
    {
        var options = Options(run.Get(_urls));
        if (!PolicySource.TryLoad(options.Policy, out var policy, out var invalid))
            throw new InvalidOperationException(string.Join('\n', invalid));
        var clock = new ManualClock(DemoReplay.Start(run.Clock));
        var server = await LimiterServer.OpenAsync(options, policy, clock, cancellation).ConfigureAwait(false);
        await using var closing = server.ConfigureAwait(false);
        await server.StartAsync(cancellation).ConfigureAwait(false);
        await run.SayAsync($"Open {server.Address} and show it the key '{options.AdminKey}'.").ConfigureAwait(false);
        using var client = new DemoClient(server.Address, options.AdminKey);
        var replay = new DemoReplay(client, new DemoTraffic((int)run.Get(_seed)), run.Clock, run.Out);
        await replay.PlayAsync(cancellation).ConfigureAwait(false);
        if (run.Get(_once)) return ExitCode.Done;
        await run.SayAsync("It goes on from here. Ctrl+C stops it.").ConfigureAwait(false);
        try
        {
            await replay.GoOnAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how it ends.
        }
        return ExitCode.Done;
    }

    // What a demo is: in memory, in Development and so on loopback, by a clock that it moves itself. Without leases
    // that clock moves in one step.
    private static ServerOptions Options(string? urls)
    {
        string[] args =
        [
            "--policy", Policy, "--data", ServerOptions.InMemory, "--clock", "manual", "--lease-ms", "0",
            "--no-samples", "--alert-file", Nowhere, .. urls is null ? Array.Empty<string>() : ["--urls", urls],
        ];
        var nothing = new ConfigurationBuilder().Build();
        var options = ServerOptionsReader.Read(args, nothing, isDevelopment: true, out var wrong);
        return wrong.Count == 0 ? options : throw CommandFailedException.WrongUsage(string.Join("; ", wrong));
    }
}
