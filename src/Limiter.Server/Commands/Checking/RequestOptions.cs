using System.CommandLine;
using System.Text.Json;
using Limiter.Domain.Policies;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.Checking;

/// <summary>The request that is checked or explained, as it is typed.</summary>
internal sealed class RequestOptions
{
    private readonly Argument<string> _method = Define.Argument("METHOD", "the request's method, such as GET");
    private readonly Argument<string> _path = Define.Argument("PATH", "its path, such as /contacts?x=1");
    private readonly Option<string?> _tenant = Define.Text("--tenant", "NAME", "whose request");
    private readonly Option<string?> _tenantKey = Define.Text("--tenant-key", "NAME", "the tenant's key, by its name");
    private readonly Option<string?> _credential = Define.Text(
        "--credential-file", "FILE", "file that holds the client's API key, or - for standard input");
    private readonly Option<string?> _ip = Define.Text("--ip", "ADDRESS", "the client's address");
    private readonly Option<long> _cost = Define.Number(
        "--cost", "its cost, where the policy lets the caller say it", 1, CostBounds.Greatest);
    private readonly Option<long> _records = Define.Number("--records", "how many records it carries", 0, int.MaxValue);

    public Symbol[] All => [_method, _path, _tenant, _tenantKey, _credential, _ip, _cost, _records];

    public string Shown(CommandRun run) => $"{run.Get(_method)} {run.Get(_path)}";

    /// <summary>Writes the members of the call's body.</summary>
    public void Write(CommandRun run, Utf8JsonWriter json)
    {
        Text(json, "tenant", run.Get(_tenant));
        Text(json, "key", run.Get(_tenantKey));
        if (run.Get(_credential) is { } file)
            json.WriteString("credential", SecretFile.Read("--credential-file", file, run.Screen));
        Text(json, "ip", run.Get(_ip));
        json.WriteString("method", run.Get(_method));
        json.WriteString("path", run.Get(_path));
        if (run.Has(_cost)) json.WriteNumber("cost", run.Get(_cost));
        if (run.Has(_records)) json.WriteNumber("records", run.Get(_records));
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
