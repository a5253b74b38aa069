using System.CommandLine;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Importing;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Tenants;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Keys;

/// <summary><c>limiter keys</c>: list, mint, rotate, revoke, import.</summary>
internal sealed class KeyCommands
{
    private readonly Argument<string> _tenant = Define.Argument("TENANT", "whose key");
    private readonly Argument<string> _key = Define.Argument("KEY", "the key's public name, as list shows it");
    private readonly Option<long> _take = Define.Number("--take", "most entries", 1, 1_000_000, 1_000);
    private readonly Option<string?> _after = Define.Text("--after", "KEY", "begin after this one");
    private readonly Option<string?> _name = new("--name")
    {
        HelpName = "TEXT",
        Required = true,
        Description = "what it is for, up to 100 characters",
    };
    private readonly Option<string?> _public = Define.Text("--public", "KEY", "its public name; default a random one");
    private readonly Option<string> _kind = Define.Choice(
        "--kind", "what its secret begins with", "live", "live", "test");
    private readonly Option<string?> _expires = Define.Text(
        "--expires", "TIME", $"when it ends: a time such as 2027-01-01T00:00:00Z, or {Duration.Rule} from now");
    private readonly Option<string?> _overlap = new("--overlap")
    {
        HelpName = "SPAN",
        Required = true,
        Description = $"how long the present secret works on: {Duration.Rule}; 0s for not at all",
    };
    private readonly Option<string?> _reason = Define.Text("--reason", "TEXT", "why, for the account of changes");
    private readonly Option<bool> _yes = Define.Flag("--yes", "do not ask");

    public Command In(CommandHost host) => CommandHost.Group(
        "keys", "List, mint, rotate, revoke and import a tenant's keys.",
        host.Remote("list", "List a tenant's keys.", ListAsync, _tenant, _take, _after),
        host.Remote("mint", "Make a key. Its secret is shown this once.", MintAsync,
            _tenant, _name, _public, _kind, _expires, _reason),
        host.Remote("rotate", "Give a key another secret, which is shown this once.", RotateAsync,
            _tenant, _key, _overlap, _expires, _reason),
        host.Remote("revoke", "Take a key away.", RevokeAsync, _tenant, _key, _yes),
        new ImportCommand(new KeyImport(), "Bring existing keys along by their SHA-256, from a CSV file: "
            + "tenant,name,hash and, if you like, key and expires.").In(host));

    private async Task<int> ListAsync(CommandRun run, CancellationToken cancellation)
    {
        var table = TenantText.KeyTable();
        var pages = new Pages(run.Server, Paths.Keys(run.Get(_tenant)), "keys");
        await Listing.WriteAsync(
            run, pages, "keys", run.Get(_take), run.Get(_after), key => TenantText.Add(table, key), cancellation)
            .ConfigureAwait(false);
        if (!run.Json) await table.WriteAsync(run.Screen).ConfigureAwait(false);
        await Listing.MentionMoreAsync(run, pages).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private async Task<int> MintAsync(CommandRun run, CancellationToken cancellation)
    {
        var expires = Expiry(run);
        var call = new Call(HttpMethod.Post, Paths.Keys(run.Get(_tenant))).With(json =>
        {
            json.WriteString("name", run.Get(_name));
            if (run.Get(_public) is { } name) json.WriteString("key", name);
            json.WriteString("kind", run.Get(_kind));
            if (expires is not null) json.WriteString("expiresAt", expires);
            if (run.Get(_reason) is { } reason) json.WriteString("reason", reason);
        });
        return await ShowSecretAsync(run, call, cancellation).ConfigureAwait(false);
    }

    private async Task<int> RotateAsync(CommandRun run, CancellationToken cancellation)
    {
        var (expires, overlap) = (Expiry(run), Duration.Parse("--overlap", run.Get(_overlap)!));
        var call = new Call(HttpMethod.Post, Paths.Key(run.Get(_tenant), run.Get(_key)) + "/rotate").With(json =>
        {
            json.WriteNumber("overlapSeconds", (long)overlap.TotalSeconds);
            if (expires is not null) json.WriteString("expiresAt", expires);
            if (run.Get(_reason) is { } reason) json.WriteString("reason", reason);
        });
        return await ShowSecretAsync(run, call, cancellation).ConfigureAwait(false);
    }

    /// <summary>The secret alone on the answer, so that it can be piped; the rest beside it.</summary>
    private static async Task<int> ShowSecretAsync(CommandRun run, Call call, CancellationToken cancellation)
    {
        var key = (await run.Server.SendAsync(call, cancellation).ConfigureAwait(false)).OrFail().Body;
        if (run.Json)
        {
            await run.PrintAsync(key).ConfigureAwait(false);
            return ExitCode.Done;
        }
        await run.NoteAsync($"Key {key.Text("key")} ({key.Text("name")}). Its secret is shown this once:")
            .ConfigureAwait(false);
        await run.SayAsync(key.Text("secret")).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private async Task<int> RevokeAsync(CommandRun run, CancellationToken cancellation)
    {
        var (tenant, key) = (run.Get(_tenant), run.Get(_key));
        if (!await Confirmation.AskAsync(run, run.Get(_yes), $"Revoke the key {key} of {tenant}").ConfigureAwait(false))
            return ExitCode.Refused;
        var call = new Call(HttpMethod.Delete, Paths.Key(tenant, key));
        (await run.Server.SendAsync(call, cancellation).ConfigureAwait(false)).OrFail();
        if (run.Json) await run.Out.WriteLineAsync(JsonLine.Of(json => json.WriteString("revoked", key)))
            .ConfigureAwait(false);
        else await run.SayAsync($"{key} of {tenant} is revoked.").ConfigureAwait(false);
        return ExitCode.Done;
    }

    private string? Expiry(CommandRun run) => run.Get(_expires) is not { } text
        ? null
        : Moment.TryParse(text, out var time)
            ? Moment.Format(time)
            : Duration.After(run.Clock, Duration.Parse("--expires", text));
}
