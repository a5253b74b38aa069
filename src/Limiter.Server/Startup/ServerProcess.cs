using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Http.Startup;
using Limiter.Server.Options;
using Limiter.Sqlite;

namespace Limiter.Server.Startup;

/// <summary>A run of the server from its command line to its exit code.</summary>
internal static class ServerProcess
{
    public const int Stopped = 0;
    public const int CannotStart = 1;
    public const int WrongOptions = 2;

    private static readonly DateTimeOffset ManualStart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (args.Contains(CommandLine.Help))
        {
            await output.WriteLineAsync(CommandLine.HelpText()).ConfigureAwait(false);
            return Stopped;
        }
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .Build();
        var options = ServerOptionsReader.Read(args, configuration, IsDevelopment(configuration), out var wrong);
        if (wrong.Count > 0) return await ReportAsync(errors, wrong, WrongOptions).ConfigureAwait(false);
        if (!PolicySource.TryLoad(options.Policy, out var policy, out var invalid))
            return await ReportAsync(errors, invalid, CannotStart).ConfigureAwait(false);
        try
        {
            await ServeAsync(options, policy, output).ConfigureAwait(false);
            return Stopped;
        }
        catch (Exception e) when (e is StoreException or IOException)
        {
            return await ReportAsync(errors, [e.Message], CannotStart).ConfigureAwait(false);
        }
    }

    private static async Task ServeAsync(ServerOptions options, Policy policy, TextWriter output)
    {
        var clock = options.ManualClock ? new ManualClock(ManualStart) : TimeProvider.System;
        var server = await LimiterServer.OpenAsync(
            options, policy, clock, CancellationToken.None, PolicySource.FileOf(options.Policy)).ConfigureAwait(false);
        await using var closing = server.ConfigureAwait(false);
        await server.StartAsync(CancellationToken.None).ConfigureAwait(false);
        await output.WriteLineAsync(Greeting.Text(options, policy, server.Address)).ConfigureAwait(false);
        await server.WaitForShutdownAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>
    /// Only a variable makes a process a Development one: a published server is not, unless it is told.
    /// </summary>
    private static bool IsDevelopment(IConfiguration configuration) => string.Equals(
        configuration["ASPNETCORE_ENVIRONMENT"] ?? configuration["DOTNET_ENVIRONMENT"], Environments.Development,
        StringComparison.OrdinalIgnoreCase);

    private static async Task<int> ReportAsync(TextWriter errors, IEnumerable<string> lines, int exitCode)
    {
        foreach (var line in lines) await errors.WriteLineAsync(line).ConfigureAwait(false);
        return exitCode;
    }
}
