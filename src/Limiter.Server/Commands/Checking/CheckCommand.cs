using System.CommandLine;
using System.Text.Json;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Checking;

/// <summary><c>limiter check</c>: decides about a request and charges it, as a gateway would.</summary>
internal sealed class CheckCommand
{
    // A refusal in the same shape as an admission, whatever body the policy shows to its clients.
    private const string OwnShape = "application/vnd.limiter.decision+json";

    private readonly RequestOptions _request = new();
    private readonly Option<string?> _id = Define.Text("--id", "TEXT", "makes a repetition count once, for 10 minutes");

    public Command In(CommandHost host) => host.Remote(
        "check", "Decide about a request and charge it; exit code 1 when it may not pass.", RunAsync,
        [.. _request.All, _id]);

    private async Task<int> RunAsync(CommandRun run, CancellationToken cancellation)
    {
        var call = new Call(HttpMethod.Post, "v1/check") { Headers = [("Accept", OwnShape)] }.With(json =>
        {
            _request.Write(run, json);
            if (run.Get(_id) is { } id) json.WriteString("id", id);
        });
        var answer = await run.Server.SendAsync(call, cancellation).ConfigureAwait(false);
        var isDenial = answer.Body.Text("decision") == "denied";
        if (!isDenial) answer.OrFail();
        if (run.Json) await run.PrintAsync(answer.Body).ConfigureAwait(false);
        else await ShowAsync(run, answer.Body, isDenial).ConfigureAwait(false);
        return isDenial ? ExitCode.Refused : ExitCode.Done;
    }

    private static async Task ShowAsync(CommandRun run, JsonElement decision, bool isDenial)
    {
        var violated = decision.Items("violated").Select(limit => limit.GetString()!).ToHashSet();
        var retry = decision.Text("retryAfter") is { Length: > 0 } seconds ? $", passes in {seconds} s" : "";
        var line = $"{decision.Text("decision")}  {decision.Text("tenant")} ({decision.Text("plan")})  "
            + $"group {decision.Text("group")}, cost {decision.Text("cost")}, {decision.Text("mode")}"
            + (isDenial ? retry : "");
        await run.Out.WriteLineAsync(Table.Paint(
            Plain.Text(line), isDenial ? Tone.Bad : Tone.Good, run.Screen.HasColours)).ConfigureAwait(false);
        var table = new Table("limit", "#number", "#left", "resets");
        foreach (var limit in decision.Items("limits"))
            table.Add(
                violated.Contains(limit.Text("name")) ? Tone.Bad : Tone.Plain, limit.Text("name"), limit.Text("limit"),
                limit.Text("remaining"), limit.Text("resetsAt"));
        await table.WriteAsync(run.Screen).ConfigureAwait(false);
    }
}
