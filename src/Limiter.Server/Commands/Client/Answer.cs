using System.Text;
using System.Text.Json;
using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.Client;

/// <summary>What a server answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">JSON; <c>Undefined</c> when there is none.</param>
/// <param name="Text">The body as text.</param>
/// <param name="ETag">The state's tag; empty for none.</param>
/// <param name="Next">The target of a <c>Link</c> header with <c>rel="next"</c>; null for none.</param>
internal sealed record Answer(int Status, JsonElement Body, string Text, string ETag, string? Next)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The problem's code; empty when the body is no problem.</summary>
    public string Code => Body.Text("code");

    /// <summary>What the server has against the request.</summary>
    public string Why => (Code, Body.Text("detail")) switch
    {
        ("not_found", _) => "The server has no such call: it is of another version.",
        (_, { Length: > 0 } detail) => detail,
        _ => $"the server answered {Status}{(Text.Length == 0 ? "" : ": " + First(Text))}",
    };

    /// <summary>What a command ends with that gets this answer and needs another.</summary>
    public int ExitCode => (Status, Code) switch
    {
        (>= 200 and < 300, _) => Running.ExitCode.Done,
        (401, "unauthorized" or "") or (403, "forbidden" or "") => Running.ExitCode.NotAuthorised,
        (>= 500, _) => Running.ExitCode.Unreachable,
        // Whatever redirects, or answers 404 without saying so in problem details, is another program.
        (< 400, _) or (404, "") => Running.ExitCode.Unreachable,
        _ => Running.ExitCode.Refused,
    };

    /// <exception cref="CommandFailedException">It is no success.</exception>
    public Answer OrFail() => IsSuccess
        ? this
        : throw new CommandFailedException(
            ExitCode, ExitCode == Running.ExitCode.NotAuthorised ? Why + " (--key, --key-file or LIMITER_KEY)" : Why,
            Body.ValueKind == JsonValueKind.Object ? Body : null);

    private static string First(string text)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        if (end >= 0) line = line[..end];
        return new StringBuilder().Append(line[..Math.Min(line.Length, 200)]).ToString();
    }
}
