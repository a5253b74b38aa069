using System.CommandLine;
using System.Text.Json;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Checking;

/// <summary><c>limiter explain</c>: how a request would be decided and why. Nothing is charged.</summary>
internal sealed class ExplainCommand
{
    private readonly RequestOptions _request = new();

    public Command In(CommandHost host) => host.Remote(
        "explain", "Tell how a request would be decided, by which limits, and where their numbers come from.",
        RunAsync, _request.All);

    private async Task<int> RunAsync(CommandRun run, CancellationToken cancellation)
    {
        var call = new Call(HttpMethod.Post, "v1/explain").With(json => _request.Write(run, json));
        var answer = (await run.Server.SendAsync(call, cancellation).ConfigureAwait(false)).OrFail().Body;
        if (run.Json)
        {
            await run.PrintAsync(answer).ConfigureAwait(false);
            return ExitCode.Done;
        }
        await run.SayAsync($"request  {_request.Shown(run)}").ConfigureAwait(false);
        await HeadAsync(run, answer).ConfigureAwait(false);
        await LimitsAsync(run, answer).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task HeadAsync(CommandRun run, JsonElement answer)
    {
        if (answer.Text("tenant") is { Length: > 0 } tenant)
            await run.SayAsync($"tenant   {tenant} (plan {answer.Text("plan")})").ConfigureAwait(false);
        await run.SayAsync(
            $"rule     {answer.Text("rule")} (group {answer.Text("group")}), cost {answer.Text("cost")}")
            .ConfigureAwait(false);
        var passes = answer.IsTrue("passes");
        var when = passes ? "now" : answer.Text("passesAt") is { Length: > 0 } at ? "not before " + at : "never";
        await run.Out.WriteLineAsync(Table.Paint(
            Plain.Text("passes   " + when), passes ? Tone.Good : Tone.Bad, run.Screen.HasColours))
            .ConfigureAwait(false);
    }

    /// <summary>The limits of an explanation, one a line; the one that binds is marked.</summary>
    public static async Task LimitsAsync(CommandRun run, JsonElement answer)
    {
        var binding = answer.Text("binding");
        var table = new Table("", "limit", "counts", "per", "bucket", "#number", "#used", "#left", "resets", "from");
        foreach (var limit in answer.Items("limits"))
            table.Add(
                ToneOf(limit), limit.Text("name") == binding ? ">" : "", limit.Text("name"),
                $"{limit.Text("algorithm")} {limit.Text("window")}", limit.Text("per"), limit.Text("bucket"),
                limit.Text("limit"), limit.Text("used"), limit.Text("remaining"), limit.Text("resetsAt"),
                NumberSourceText.Of(limit.Find("source")) + (limit.IsTrue("shadow") ? "; shadow" : ""));
        await table.WriteAsync(run.Screen).ConfigureAwait(false);
        if (binding.Length > 0) await run.SayAsync($"> {binding} has least left: it binds.").ConfigureAwait(false);
    }

    private static Tone ToneOf(JsonElement limit) =>
        limit.IsTrue("denies") ? Tone.Bad : limit.IsTrue("wouldDeny") ? Tone.Warning : Tone.Plain;
}
