using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Limiter.Domain.Policies;
using Limiter.Http.Startup;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Policies;

/// <summary><c>limiter policy</c>: validate a file, show one or what a server serves, begin a new one.</summary>
internal sealed class PolicyCommands
{
    private readonly Argument<string> _file = Define.Argument("FILE", "a policy file, or the name of a shipped policy");
    private readonly Argument<string?> _shown = Define.Optional(
        "FILE", "a policy file, or the name of a shipped policy; default: what the server serves");
    private readonly Option<string?> _name = Define.Text("--name", "NAME", "the policy's name; default mine");
    private readonly Option<string?> _out = Define.Text("--out", "FILE", "a new file to write; default: print it");

    public Command In(CommandHost host) => CommandHost.Group(
        "policy", "Validate, show and begin policy files.",
        host.Local("validate", "Say everything that is wrong with a policy file; exit code 1 when anything is.",
            ValidateAsync, _file),
        host.Remote("show", "Show a policy file's plans, limits and endpoints, or what a server serves.",
            ShowAsync, _shown),
        host.Local("new", "Begin a policy file, with comments.", NewAsync, _name, _out));

    private async Task<int> ValidateAsync(CommandRun run, CancellationToken cancellation)
    {
        var isValid = TryLoad(run.Get(_file), out var policy, out var errors);
        if (run.Json)
            await run.Out.WriteLineAsync(JsonLine.Of(json =>
            {
                json.WriteBoolean("valid", isValid);
                if (policy is not null) json.WriteString("policy", policy.Name);
                json.WriteStartArray("errors");
                foreach (var error in errors) json.WriteStringValue(error);
                json.WriteEndArray();
            })).ConfigureAwait(false);
        else if (policy is not null)
            await run.SayAsync($"{run.Get(_file)}: the policy {policy.Name} is valid.").ConfigureAwait(false);
        else
            foreach (var error in errors) await run.NoteAsync(error).ConfigureAwait(false);
        return isValid ? ExitCode.Done : ExitCode.Refused;
    }

    private async Task<int> ShowAsync(CommandRun run, CancellationToken cancellation)
    {
        if (run.GetOr(_shown) is not { } file)
        {
            var ready = (await run.Server.GetAsync("readyz", cancellation).ConfigureAwait(false)).OrFail().Body;
            var inForce = ready.Find("policy");
            if (run.Json) await run.PrintAsync(ready).ConfigureAwait(false);
            else
                await run.SayAsync(
                    $"{run.Server.Address} serves {inForce.Text("name")} (digest {inForce.Text("digest")}, generation "
                    + $"{inForce.Text("generation")}) since {inForce.Text("loadedAt")}.").ConfigureAwait(false);
            if (ready.Find("reload").ValueKind == System.Text.Json.JsonValueKind.Object && !run.Json)
                await run.NoteAsync("Its file has changed since and is not valid: limiter policy validate FILE.")
                    .ConfigureAwait(false);
            return ExitCode.Done;
        }
        if (!TryLoad(file, out var policy, out var errors))
        {
            foreach (var error in errors) await run.NoteAsync(error).ConfigureAwait(false);
            return ExitCode.Refused;
        }
        if (run.Json) await run.Out.WriteLineAsync(PolicyText.Json(policy)).ConfigureAwait(false);
        else await PolicyText.WriteAsync(run, policy).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private async Task<int> NewAsync(CommandRun run, CancellationToken cancellation)
    {
        var name = run.Get(_name) ?? "mine";
        var text = StarterPolicy.Text(name);
        // A name that the compiler refuses is told by its own words, before a file is there.
        if (!PolicySource.TryCompile("--name", System.Text.Encoding.UTF8.GetBytes(text), out _, out var errors))
            throw CommandFailedException.WrongUsage(string.Join("; ", errors));
        if (run.Get(_out) is not { } file)
        {
            await run.Out.WriteAsync(run.Json ? JsonLine.Of(json => json.WriteString("text", text)) + "\n" : text)
                .ConfigureAwait(false);
            return ExitCode.Done;
        }
        if (File.Exists(file)) throw CommandFailedException.WrongUsage($"--out: {file} is there already");
        var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        await using (stream.ConfigureAwait(false))
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellation).ConfigureAwait(false);
        if (run.Json) await run.Out.WriteLineAsync(JsonLine.Of(json => json.WriteString("file", file)))
            .ConfigureAwait(false);
        else await run.SayAsync($"{file} is written. Try it: limiter serve --policy {file}").ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static bool TryLoad(
        string file, [NotNullWhen(true)] out Policy? policy, out ImmutableArray<string> errors)
    {
        // A brace would make it the text of a policy, which belongs in a file here.
        if (file.Contains('{', StringComparison.Ordinal))
            throw CommandFailedException.WrongUsage("FILE: a path, not the text of a policy");
        return PolicySource.TryLoad(file, out policy, out errors);
    }
}
