using System.Globalization;
using System.Runtime.InteropServices;
using Limiter.Engine.Clocks;
using Limiter.Http.Startup;
using Limiter.Server.Options;
using Limiter.Server.Startup;

namespace Limiter.Server.Demo;

/// <summary>
/// <c>limiter demo</c>: a server in memory with 200 tenants whose last days it has been through, so that there is
/// something to see. Everything goes through the server's own calls.
/// </summary>
internal static class DemoProcess
{
    /// <summary>The word on the command line.</summary>
    public const string Word = "demo";

    private const string SeedFlag = "--seed";
    private const int SeedDefault = 1;

    private const string Help = """
        limiter demo [--seed N] [--urls URL]

        Serves five contracts to 200 made-up tenants in memory, plays their last seven days in about a minute, and goes
        on from there until it is stopped. The page at the address that it prints takes the key 'dev'. The same seed
        makes the same tenants and traffic; default 1. --urls as for the server; default http://127.0.0.1:7071.
        """;

    // What a demo is: in memory, in Development, by a clock that it moves itself. Without leases that clock moves in
    // one step.
    private static readonly string[] Fixed =
        ["--policy", Word, "--data", ServerOptions.InMemory, "--clock", "manual", "--lease-ms", "0", "--no-samples"];

    /// <summary>Runs until it is told to stop; the answer is the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (args.Contains(CommandLine.Help))
        {
            await output.WriteLineAsync(Help).ConfigureAwait(false);
            return ServerProcess.Stopped;
        }
        var (options, seed, wrong) = Read(args);
        if (wrong.Count > 0)
            return await ServerProcess.ReportAsync(errors, wrong, ServerProcess.WrongOptions).ConfigureAwait(false);
        try
        {
            await ServeAsync(options, seed, output).ConfigureAwait(false);
            return ServerProcess.Stopped;
        }
        catch (IOException e)
        {
            return await ServerProcess.ReportAsync(errors, [e.Message], ServerProcess.CannotStart)
                .ConfigureAwait(false);
        }
    }

    private static (ServerOptions Options, int Seed, IReadOnlyList<string> Wrong) Read(string[] args)
    {
        var at = Array.IndexOf(args, SeedFlag);
        var (seed, isSeed) = (SeedDefault, true);
        if (at >= 0)
        {
            isSeed = at + 1 < args.Length
                && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed);
            args = [.. args[..at], .. args[Math.Min(args.Length, at + 2)..]];
        }
        var nothing = new ConfigurationBuilder().Build();
        var options = ServerOptionsReader.Read([.. Fixed, .. args], nothing, isDevelopment: true, out var wrong);
        return (options, seed, isSeed ? wrong : [.. wrong, $"{SeedFlag}: a whole number from 0 on is missing"]);
    }

    private static async Task ServeAsync(ServerOptions options, int seed, TextWriter output)
    {
        if (!PolicySource.TryLoad(options.Policy, out var policy, out var invalid))
            throw new InvalidOperationException(string.Join('\n', invalid));
        var wall = TimeProvider.System;
        using var stopping = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stopping));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stopping));
        var server = await LimiterServer.OpenAsync(
            options, policy, new ManualClock(DemoReplay.Start(wall)), stopping.Token).ConfigureAwait(false);
        await using var closing = server.ConfigureAwait(false);
        await server.StartAsync(stopping.Token).ConfigureAwait(false);
        await output.WriteLineAsync($"Open {server.Address} and show it the key '{options.AdminKey}'.")
            .ConfigureAwait(false);
        using var client = new DemoClient(server.Address, options.AdminKey);
        var replay = new DemoReplay(client, new DemoTraffic(seed), wall, output);
        try
        {
            await replay.PlayAsync(stopping.Token).ConfigureAwait(false);
            await output.WriteLineAsync("It goes on from here. Ctrl+C stops it.").ConfigureAwait(false);
            await replay.GoOnAsync(stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stopping)
    {
        signal.Cancel = true;
        stopping.Cancel();
    }
}
