using System.CommandLine;
using System.Globalization;
using Limiter.Domain;
using Limiter.Http.Startup;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;
using Limiter.Sqlite.Usage;

namespace Limiter.Server.Commands.WhatIf;

/// <summary><c>limiter whatif</c>: who would have been limited by a proposed policy.</summary>
internal sealed class WhatIfCommand
{
    /// <summary>Longest time that is replayed.</summary>
    private const int DaysMax = 92;

    private const int DaysDefault = 7;
    private const long MinuteMs = 60_000;

    private readonly Option<string?> _policy = new("--policy")
    {
        HelpName = "FILE",
        Required = true,
        Description = "the proposed policy: a file, or the name of a shipped one",
    };
    private readonly Option<string?> _usage = new("--usage")
    {
        HelpName = "FOLDER",
        Required = true,
        Description = "the data folder of a server, which may be running: it is only read",
    };
    private readonly Option<string?> _from = Define.Text(
        "--from", "TIME", $"first minute; default {DaysDefault} days before --to, at midnight UTC");
    private readonly Option<string?> _to = Define.Text("--to", "TIME", "first minute that does not count; default now");
    private readonly Option<string> _spread = Define.Choice(
        "--spread", "when in a minute its checks came: evenly over it, or all at once at its start", "even",
        "even", "burst");
    private readonly Option<string> _costs = Define.Choice(
        "--costs", "what a check costs: as counted, or as the proposed policy says of its rule", "recorded",
        "recorded", "policy");
    private readonly Option<long> _take = Define.Number(
        "--take", "tenants to show, the most limited first", 1, 10_000, 100);

    public Command In(CommandHost host) => host.Local(
        "whatif", "Tell whom a proposed policy would have limited; exit code 1 when more than in fact.",
        RunAsync, _policy, _usage, _from, _to, _spread, _costs, _take);

    private async Task<int> RunAsync(CommandRun run, CancellationToken cancellation)
    {
        if (!PolicySource.TryLoad(run.Get(_policy)!, out var policy, out var errors))
            throw CommandFailedException.WrongUsage("--policy: " + string.Join("; ", errors.Take(20)));
        var (from, until) = Range(run);
        var options = new ReplayOptions(run.Get(_spread) == "burst", run.Get(_costs) == "policy");
        using var usage = RecordedUsage.Open(run.Get(_usage)!);
        var sum = new ReplaySum((int)run.Get(_take));
        var progress = new Progress(run.Screen, run.Clock);
        // On a thread of its own: it computes for as long as it takes.
        await Task.Run(() => new UsageReplay(usage, policy, options).RunAsync(from, until, sum, OnMinute, cancellation),
            cancellation).ConfigureAwait(false);
        progress.Clear();
        var report = new WhatIfReport(policy, from, until, options, sum, progress.Elapsed);
        if (run.Json) await run.Out.WriteLineAsync(report.Json()).ConfigureAwait(false);
        else await report.WriteAsync(run).ConfigureAwait(false);
        return sum.NewlyLimited > 0 ? ExitCode.Refused : ExitCode.Done;

        void OnMinute(TenantReplay replay) => progress.Tell(elapsed => string.Create(CultureInfo.InvariantCulture,
            $"{sum.Tenants:N0} tenants, {sum.Checks + replay.Checks:N0} checks, ")
            + string.Create(CultureInfo.InvariantCulture,
                $"{(sum.Checks + replay.Checks) / Math.Max(0.001, elapsed.TotalSeconds):N0} a second"));
    }

    private (Instant From, Instant Until) Range(CommandRun run)
    {
        var to = run.Get(_to) is { } end ? Moment.Parse("--to", end) : run.Clock.GetUtcNow();
        var start = run.Get(_from) is { } text
            ? Moment.Parse("--from", text)
            : new DateTimeOffset(to.UtcDateTime.Date.AddDays(-DaysDefault), TimeSpan.Zero);
        if (start >= to) throw CommandFailedException.WrongUsage("--from: it is not before --to");
        if (to - start > TimeSpan.FromDays(DaysMax))
            throw CommandFailedException.WrongUsage($"--from: at most {DaysMax} days are replayed at a time");
        var from = Instant.From(start);
        return (new Instant(from.UnixMilliseconds / MinuteMs * MinuteMs), Instant.From(to));
    }
}
