using System.CommandLine;
using System.Text.Json;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Running;

/// <summary>One command as it was typed.</summary>
internal sealed class CommandRun(CommandHost host, ParseResult parse, bool json) : IDisposable
{
    private ServerClient? _server;

    /// <summary>Whether a program reads the answer.</summary>
    public bool Json { get; } = json;

    public Screen Screen => host.Screen;

    public TextWriter Out => host.Screen.Out;

    public TimeProvider Clock => host.Clock;

    /// <summary>The server that the options name.</summary>
    /// <exception cref="CommandFailedException">The options are wrong, or name no key.</exception>
    public ServerClient Server => _server ??= host.Client.Connect(parse, host.Screen, host.Clock);

    public T? Get<T>(Option<T> option) => parse.GetValue(option);

    public string Get(Argument<string> argument) => parse.GetRequiredValue(argument);

    public T? GetOr<T>(Argument<T> argument) => parse.GetValue(argument);

    public bool Has(Option option) => parse.GetResult(option) is { Implicit: false };

    public Task SayAsync(string line) => Out.WriteLineAsync(Plain.Text(line));

    /// <summary>The server's answer as it came, on one line.</summary>
    public Task PrintAsync(JsonElement body) => Out.WriteLineAsync(body.GetRawText());

    /// <summary>A word to the person who waits, on the error stream: it is no part of the answer.</summary>
    public Task NoteAsync(string line) => Screen.Error.WriteLineAsync(Plain.Text(line));

    public void Dispose() => _server?.Dispose();
}
