using System.CommandLine;
using System.Text.Json;
using Limiter.Server.Commands.Checking;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Tenants;

namespace Limiter.Server.Commands.Negotiating;

/// <summary><c>limiter terms</c>: what a tenant's numbers are, and changes of them.</summary>
internal sealed class TermsCommands
{
    private readonly Argument<string> _tenant = Define.Argument("TENANT", "whose terms");
    private readonly Argument<string> _limit = Define.Argument("LIMIT", "a limit of the policy");
    private readonly Argument<string> _number = Define.Argument("NUMBER", NumberText.Rule);
    private readonly Argument<string> _plan = Define.Argument("PLAN", "a plan of the policy");
    private readonly Option<string?> _tenantKey = Define.Text(
        "--tenant-key", "NAME", "a key of the tenant, where limits are counted per key");
    private readonly Option<string?> _ip = Define.Text(
        "--ip", "ADDRESS", "an address, where limits are counted per address");
    private readonly Option<string?> _reason = Define.Text("--reason", "TEXT", "why, for the account of changes");
    private readonly Option<string?> _why = new("--reason")
    {
        HelpName = "TEXT",
        Required = true,
        Description = "why, for the account of changes",
    };
    private readonly Option<string?> _factor = Define.Text("--factor", "X", "times so much, 0 to 1000, such as 0.5");
    private readonly Option<string?> _to = Define.Text("--to", "N", "to this number");
    private readonly Option<string?> _until = Define.Text("--until", "TIME", "its end, such as 2026-01-01T01:00:00Z");
    private readonly Option<string?> _for = Define.Text("--for", "SPAN", $"its end from now: {Duration.Rule}");
    private readonly Option<bool> _onlyOverride = Define.Flag("--override", "only the override");
    private readonly Option<bool> _onlyAdjustment = Define.Flag("--adjustment", "only the adjustment");

    public Command In(CommandHost host) => CommandHost.Group(
        "terms", "Show and change the numbers that hold for a tenant.",
        host.Remote("show", "Show a tenant's numbers and where each comes from.", ShowAsync, _tenant, _tenantKey, _ip),
        host.Remote("override", "Give a tenant a number of its own, until changed.", OverrideAsync,
            _tenant, _limit, _number, _reason),
        host.Remote("adjust", "Change a number until a time; it ends by itself.", AdjustAsync,
            _tenant, _limit, _factor, _to, _until, _for, _why),
        host.Remote("clear", "Take a limit's override and adjustment away.", ClearAsync,
            _tenant, _limit, _onlyOverride, _onlyAdjustment),
        host.Remote("suspend", "Refuse every request of a tenant.", SuspendAsync, _tenant, _until, _for, _why),
        host.Remote("resume", "End a suspension.", ResumeAsync, _tenant, _reason),
        host.Remote("plan", "Put a tenant on another plan.", PlanAsync, _tenant, _plan, _reason));

    private async Task<int> ShowAsync(CommandRun run, CancellationToken cancellation)
    {
        var tenant = (await run.Server.GetAsync(Paths.Tenant(run.Get(_tenant)) + "?limit=1", cancellation)
            .ConfigureAwait(false)).OrFail().Body;
        var call = new Call(HttpMethod.Post, "v1/explain").With(json =>
        {
            json.WriteString("tenant", run.Get(_tenant));
            if (run.Get(_tenantKey) is { } key) json.WriteString("key", key);
            if (run.Get(_ip) is { } ip) json.WriteString("ip", ip);
            json.WriteString("method", "GET");
            json.WriteString("path", "/");
        });
        // A suspended tenant's request is refused, and one without its key too: then the record alone is shown.
        var explained = await run.Server.SendAsync(call, cancellation).ConfigureAwait(false);
        if (run.Json)
        {
            await run.Out.WriteLineAsync(
                $"{{\"terms\":{tenant.GetRawText()},\"explained\":{Raw(explained)}}}")
                .ConfigureAwait(false);
            return ExitCode.Done;
        }
        await TenantText.WriteAsync(run, tenant).ConfigureAwait(false);
        if (explained.IsSuccess) await ExplainCommand.LimitsAsync(run, explained.Body).ConfigureAwait(false);
        else await run.NoteAsync($"The numbers in force are not shown: {explained.Why}").ConfigureAwait(false);
        return ExitCode.Done;
    }

    // An answer without JSON is from something between here and the server.
    private static string Raw(Answer answer) =>
        answer.Body.ValueKind == JsonValueKind.Undefined ? "null" : answer.Body.GetRawText();

    private Task<int> OverrideAsync(CommandRun run, CancellationToken cancellation)
    {
        var number = Number("NUMBER", run.Get(_number));
        var call = new Call(HttpMethod.Put, Paths.Override(run.Get(_tenant), run.Get(_limit))).With(json =>
        {
            NumberText.Write(json, "limit", number);
            if (run.Get(_reason) is { } reason) json.WriteString("reason", reason);
        });
        return ChangeAsync(run, call, $"{run.Get(_limit)} of {run.Get(_tenant)} is {number}.", cancellation);
    }

    private Task<int> AdjustAsync(CommandRun run, CancellationToken cancellation)
    {
        var (factor, to, until) = (run.Get(_factor), run.Get(_to), End(run));
        if (factor is null == to is null)
            throw CommandFailedException.WrongUsage("Give --factor or --to, and not both");
        if (until is null)
            throw CommandFailedException.WrongUsage("Give --until or --for: an adjustment ends by itself");
        var change = factor is null ? Number("--to", to!) : Factor(factor);
        var call = new Call(HttpMethod.Put, Paths.Adjustment(run.Get(_tenant), run.Get(_limit))).With(json =>
        {
            json.WritePropertyName(factor is null ? "limit" : "factor");
            if (change == NumberText.Unlimited) json.WriteStringValue(change);
            else json.WriteRawValue(change);
            json.WriteString("until", until);
            json.WriteString("reason", run.Get(_why));
        });
        var shown = factor is null ? change : "times " + factor;
        return ChangeAsync(
            run, call, $"{run.Get(_limit)} of {run.Get(_tenant)} is {shown} until {until}.", cancellation);
    }

    private async Task<int> ClearAsync(CommandRun run, CancellationToken cancellation)
    {
        var (tenant, limit) = (run.Get(_tenant), run.Get(_limit));
        var all = run.Get(_onlyOverride) == run.Get(_onlyAdjustment);
        var cleared = new List<string>();
        Answer? missing = null;
        foreach (var (name, path) in new[]
        {
            ("override", all || run.Get(_onlyOverride) ? Paths.Override(tenant, limit) : null),
            ("adjustment", all || run.Get(_onlyAdjustment) ? Paths.Adjustment(tenant, limit) : null),
        })
        {
            if (path is null) continue;
            var answer = await run.Server.SendAsync(new Call(HttpMethod.Delete, path), cancellation)
                .ConfigureAwait(false);
            if (answer.Code is "no_such_override" or "no_such_adjustment") missing = answer;
            else if (answer.OrFail().IsSuccess) cleared.Add(name);
        }
        if (cleared.Count == 0) missing!.OrFail();
        if (run.Json) await run.Out.WriteLineAsync(ClearedLine.Of(tenant, limit, cleared)).ConfigureAwait(false);
        else await run.SayAsync($"{limit} of {tenant}: {string.Join(" and ", cleared)} cleared.").ConfigureAwait(false);
        return ExitCode.Done;
    }

    private Task<int> SuspendAsync(CommandRun run, CancellationToken cancellation)
    {
        var until = End(run);
        var call = Record(run, json =>
        {
            json.WriteBoolean("suspended", true);
            json.WriteString("reason", run.Get(_why));
            if (until is not null) json.WriteString("until", until);
        });
        return ChangeAsync(run, call, $"{run.Get(_tenant)} is suspended.", cancellation);
    }

    private Task<int> ResumeAsync(CommandRun run, CancellationToken cancellation) => ChangeAsync(
        run, Record(run, json => Reasoned(run, json).WriteBoolean("suspended", false)),
        $"{run.Get(_tenant)} is not suspended.", cancellation);

    private Task<int> PlanAsync(CommandRun run, CancellationToken cancellation) => ChangeAsync(
        run, Record(run, json => Reasoned(run, json).WriteString("plan", run.Get(_plan))),
        $"{run.Get(_tenant)} is on plan {run.Get(_plan)}.", cancellation);

    private Utf8JsonWriter Reasoned(CommandRun run, Utf8JsonWriter json)
    {
        if (run.Get(_reason) is { } reason) json.WriteString("reason", reason);
        return json;
    }

    /// <summary>A change of the tenant's record, which must be there: a misspelt name registers nobody.</summary>
    private Call Record(CommandRun run, Action<Utf8JsonWriter> write) =>
        new Call(HttpMethod.Put, Paths.Tenant(run.Get(_tenant))) { Headers = [("If-Match", "*")] }.With(write);

    private static async Task<int> ChangeAsync(CommandRun run, Call call, string done, CancellationToken cancellation)
    {
        var answer = await run.Server.SendAsync(call, cancellation).ConfigureAwait(false);
        if (answer.Status == 412)
            throw new CommandFailedException(ExitCode.Refused, "The tenant is not registered.", answer.Body);
        answer.OrFail();
        if (run.Json) await run.PrintAsync(answer.Body).ConfigureAwait(false);
        else await run.SayAsync(done + " Every edge knows within a minute.").ConfigureAwait(false);
        return ExitCode.Done;
    }

    private string? End(CommandRun run) => (run.Get(_until), run.Get(_for)) switch
    {
        (not null, not null) => throw CommandFailedException.WrongUsage("Give --until or --for, and not both"),
        ({ } until, null) => Moment.Format(Moment.Parse("--until", until)),
        (null, { } span) => Duration.After(run.Clock, Duration.Parse("--for", span)),
        _ => null,
    };

    private static string Number(string name, string text) => NumberText.IsNumber(text)
        ? text
        : throw CommandFailedException.WrongUsage($"{name}: '{text}' is not {NumberText.Rule}");

    private static string Factor(string text) =>
        text.Length <= 20 && decimal.TryParse(
            text, System.Globalization.NumberStyles.AllowDecimalPoint,
            System.Globalization.CultureInfo.InvariantCulture, out var factor) && factor is >= 0 and <= 1_000
            ? factor.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : throw CommandFailedException.WrongUsage($"--factor: '{text}' is not a number from 0 to 1000 such as 0.5");
}
