using System.CommandLine;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.Usage;

/// <summary><c>limiter usage</c>: what a tenant used.</summary>
internal sealed class UsageCommand
{
    private readonly Argument<string> _tenant = Define.Argument("TENANT", "whose usage");
    private readonly Option<string?> _from = Define.Text(
        "--from", "TIME", "first moment; default: today's start in UTC");
    private readonly Option<string?> _to = Define.Text(
        "--to", "TIME", "first moment that does not count; default: now");
    private readonly Option<string> _by = Define.Choice(
        "--by", "periods", "hour", "minute", "hour", "day", "month");
    private readonly Option<string> _split = Define.Choice(
        "--split", "a line for each", "none", "none", "endpoint", "key");
    private readonly Option<bool> _csv = Define.Flag("--csv", "print CSV (RFC 4180)");
    private readonly Option<long> _take = Define.Number("--take", "most lines", 1, 1_000_000, 10_000);
    private readonly Option<string?> _after = Define.Text("--after", "CURSOR", "go on where a list with --take ended");

    public Command In(CommandHost host) => host.Remote(
        "usage", "Show what a tenant used, in periods.", RunAsync,
        _tenant, _from, _to, _by, _split, _csv, _take, _after);

    private Task<int> RunAsync(CommandRun run, CancellationToken cancellation)
    {
        var path = $"v1/usage/{Uri.EscapeDataString(run.Get(_tenant))}?by={run.Get(_by)}&split={run.Get(_split)}"
            + Time(run, _from, "from") + Time(run, _to, "to");
        if (!run.Get(_csv)) return ListAsync(run, path, cancellation);
        if (run.Json) throw CommandFailedException.WrongUsage("Give --csv or --json, and not both");
        return UsageExport.WriteAsync(run, path, run.Get(_take), run.Get(_after), cancellation);
    }

    private async Task<int> ListAsync(CommandRun run, string path, CancellationToken cancellation)
    {
        var pages = new Pages(run.Server, path, "items", "take");
        var table = new UsageTable(run.Get(_split)!, isByDay: run.Get(_by) == "day");
        await Listing.WriteAsync(run, pages, "items", run.Get(_take), run.Get(_after), table.Add, cancellation)
            .ConfigureAwait(false);
        if (run.Json) return ExitCode.Done;
        var first = pages.First;
        await run.SayAsync($"{first.Text("tenant")} ({first.Text("plan")})  {first.Text("from")} to {first.Text("to")}")
            .ConfigureAwait(false);
        table.AddTotal(first.Find("total"));
        await table.WriteAsync(run.Screen).ConfigureAwait(false);
        await Listing.MentionMoreAsync(run, pages).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static string Time(CommandRun run, Option<string?> option, string name) => run.Get(option) is { } text
        ? $"&{name}={Uri.EscapeDataString(Moment.Format(Moment.Parse(option.Name, text)))}"
        : "";
}
