using Limiter.Server.Commands;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Tests.Kit;

/// <summary>Types command lines: the program's own entry, with writers in the place of the console.</summary>
internal sealed class Cli
{
    private readonly Dictionary<string, string> _environment = [];

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public string Input { get; init; } = "";

    /// <summary>Whether all three ends are a terminal, with colours.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>A command line for a server, with its admin key.</summary>
    public static Cli For(TestServer server) =>
        new Cli { Clock = server.Clock }.With("LIMITER_SERVER", server.Address.ToString())
            .With("LIMITER_KEY", TestServer.AdminKey);

    public static Cli For(Uri server) =>
        new Cli().With("LIMITER_SERVER", server.ToString()).With("LIMITER_KEY", "any-key");

    public Cli With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    /// <summary>The same command line at a terminal, or with something to read.</summary>
    public Cli At(bool terminal, string input = "")
    {
        var other = new Cli { Clock = Clock, IsTerminal = terminal, Input = input };
        foreach (var (variable, value) in _environment) other.With(variable, value);
        return other;
    }

    public async Task<CliResult> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var screen = new Screen(
            TextWriter.Synchronized(output), TextWriter.Synchronized(errors), new StringReader(Input))
        {
            OutIsTerminal = IsTerminal,
            ErrorIsTerminal = IsTerminal,
            InIsTerminal = IsTerminal,
            HasColours = IsTerminal && !_environment.ContainsKey("NO_COLOR"),
        };
        var code = await CommandProgram.RunAsync(args, screen, Clock, name => _environment.GetValueOrDefault(name));
        return new CliResult(code, output.ToString(), errors.ToString());
    }
}
