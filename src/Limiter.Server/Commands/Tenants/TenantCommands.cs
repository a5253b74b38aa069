using System.CommandLine;
using System.Text.Json;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Importing;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Tenants;

/// <summary><c>limiter tenants</c>: list, show, add, remove, import.</summary>
internal sealed class TenantCommands
{
    private readonly Argument<string> _tenant = Define.Argument("TENANT", "the tenant's name");
    private readonly Option<long> _take = Define.Number("--take", "most entries", 1, 1_000_000, 1_000);
    private readonly Option<string?> _after = Define.Text("--after", "NAME", "begin after this one");
    private readonly Option<string?> _plan = new("--plan")
    {
        HelpName = "PLAN",
        Required = true,
        Description = "its plan",
    };
    private readonly Option<string[]> _override = new("--override")
    {
        HelpName = "LIMIT=N",
        Description = "a number of its own for a limit, or LIMIT=unlimited; may be repeated",
    };
    private readonly Option<string?> _reason = Define.Text("--reason", "TEXT", "why, for the account of changes");
    private readonly Option<bool> _yes = Define.Flag("--yes", "do not ask");

    public Command In(CommandHost host) => CommandHost.Group(
        "tenants", "Register, show, remove and import tenants.",
        host.Remote("list", "List tenants by name.", ListAsync, _take, _after),
        host.Remote("show", "Show a tenant and its keys.", ShowAsync, _tenant),
        host.Remote("add", "Register a tenant.", AddAsync, _tenant, _plan, _override, _reason),
        host.Remote("remove", "Remove a tenant; its keys stop working.", RemoveAsync, _tenant, _yes),
        new ImportCommand(new TenantImport(), "Register tenants from a CSV file: tenant,plan and a column for each "
            + "limit that some have a number of their own for.").In(host));

    private async Task<int> ListAsync(CommandRun run, CancellationToken cancellation)
    {
        var table = new Table("tenant", "plan", "state", "overrides", "adjusted", "created");
        var pages = new Pages(run.Server, Paths.Tenants, "tenants");
        await Listing.WriteAsync(
            run, pages, "tenants", run.Get(_take), run.Get(_after), tenant => table.Add(
                tenant.IsTrue("suspended") ? Tone.Warning : Tone.Plain, tenant.Text("tenant"), tenant.Text("plan"),
                tenant.IsTrue("suspended") ? "suspended" : "", Pairs(tenant.Entries("overrides")),
                string.Join(' ', tenant.Entries("adjustments").Select(entry => entry.Name)), tenant.Text("createdAt")),
            cancellation).ConfigureAwait(false);
        if (!run.Json) await table.WriteAsync(run.Screen).ConfigureAwait(false);
        await Listing.MentionMoreAsync(run, pages).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private async Task<int> ShowAsync(CommandRun run, CancellationToken cancellation)
    {
        var answer = (await run.Server.GetAsync(Paths.Tenant(run.Get(_tenant)), cancellation).ConfigureAwait(false))
            .OrFail().Body;
        if (run.Json)
        {
            await run.PrintAsync(answer).ConfigureAwait(false);
            return ExitCode.Done;
        }
        await TenantText.WriteAsync(run, answer).ConfigureAwait(false);
        await TenantText.KeysOf(answer.Items("keys")).WriteAsync(run.Screen).ConfigureAwait(false);
        if (answer.Text("next").Length > 0)
            await run.NoteAsync("There are more keys: limiter keys list shows them.").ConfigureAwait(false);
        return ExitCode.Done;
    }

    private async Task<int> AddAsync(CommandRun run, CancellationToken cancellation)
    {
        var tenant = run.Get(_tenant);
        var overrides = (run.Get(_override) ?? []).Select(Override).ToArray();
        // Without this a second add would quietly be a change of the plan.
        var call = new Call(HttpMethod.Put, Paths.Tenant(tenant)) { Headers = [("If-None-Match", "*")] }.With(json =>
        {
            json.WriteString("plan", run.Get(_plan));
            if (overrides.Length > 0)
            {
                json.WriteStartObject("overrides");
                foreach (var (limit, number) in overrides) NumberText.Write(json, limit, number);
                json.WriteEndObject();
            }
            if (run.Get(_reason) is { } reason) json.WriteString("reason", reason);
        });
        var answer = await run.Server.SendAsync(call, cancellation).ConfigureAwait(false);
        if (answer.Status == 412)
            throw new CommandFailedException(
                ExitCode.Refused, $"{tenant} is registered already; limiter terms changes it", answer.Body);
        answer.OrFail();
        if (run.Json) await run.PrintAsync(answer.Body).ConfigureAwait(false);
        else await run.SayAsync($"{tenant} is registered on plan {answer.Body.Text("plan")}.").ConfigureAwait(false);
        return ExitCode.Done;
    }

    private async Task<int> RemoveAsync(CommandRun run, CancellationToken cancellation)
    {
        var tenant = run.Get(_tenant);
        if (!await Confirmation.AskAsync(run, run.Get(_yes), $"Remove {tenant} and all its keys").ConfigureAwait(false))
            return ExitCode.Refused;
        var call = new Call(HttpMethod.Delete, Paths.Tenant(tenant));
        (await run.Server.SendAsync(call, cancellation).ConfigureAwait(false)).OrFail();
        if (run.Json) await run.Out.WriteLineAsync(JsonLine.Of(json => json.WriteString("removed", tenant)))
            .ConfigureAwait(false);
        else await run.SayAsync($"{tenant} is removed.").ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static (string Limit, string Number) Override(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && NumberText.IsNumber(text[(equals + 1)..])) return (text[..equals], text[(equals + 1)..]);
        throw CommandFailedException.WrongUsage($"--override: '{text}' is not LIMIT={NumberText.Rule}");
    }

    private static string Pairs(IEnumerable<JsonProperty> numbers) => string.Join(
        ' ', numbers.Select(entry => $"{entry.Name}={entry.Value}"));
}
