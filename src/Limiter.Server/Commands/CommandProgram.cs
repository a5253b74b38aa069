using System.CommandLine;
using System.CommandLine.Invocation;
using Limiter.Server.Commands.Completion;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Serving;
using Limiter.Server.Commands.Terminal;
using Limiter.Server.Options;
using Limiter.Server.Startup;

namespace Limiter.Server.Commands;

/// <summary>A run of <c>limiter</c> from its command line to its exit code.</summary>
internal static class CommandProgram
{
    /// <summary>Longest time for a command to end in good order after Ctrl-C.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private const string MissingCommand = "Required command";

    // A path that begins with @ is a path, not a file of further arguments; -ab is no pair of flags.
    private static readonly ParserConfiguration Parsing = new()
    {
        ResponseFileTokenReplacer = null,
        EnablePosixBundling = false,
    };

    public static Task<int> RunAsync(string[] args, Screen screen, Func<string, string?> environment) =>
        RunAsync(args, screen, TimeProvider.System, environment);

    /// <param name="args">The command line.</param>
    /// <param name="screen">Where to write.</param>
    /// <param name="clock">The clock of commands. A server that is started has its own.</param>
    /// <param name="environment">The environment's variables; null for those that are not there.</param>
    public static async Task<int> RunAsync(
        string[] args, Screen screen, TimeProvider clock, Func<string, string?> environment)
    {
        if (ServerArguments(args) is { } serving)
            return await ServerProcess.RunAsync(serving, screen.Out, screen.Error).ConfigureAwait(false);
        var host = new CommandHost(screen, clock, environment);
        var root = CommandTree.Of(host);
        if (Suggestions.AreAsked(args))
        {
            foreach (var suggestion in Suggestions.Of(root, args))
                await screen.Out.WriteLineAsync(suggestion).ConfigureAwait(false);
            return ExitCode.Done;
        }
        var parse = root.Parse(args, Parsing);
        if (parse.Action is null or ParseErrorAction)
        {
            await host.FailAsync(
                $"{Wrong(parse)}. '{Typed(parse)} --help' tells more.", ExitCode.WrongUsage, null,
                args.Contains("--json")).ConfigureAwait(false);
            return ExitCode.WrongUsage;
        }
        return await parse.InvokeAsync(new InvocationConfiguration
        {
            Output = screen.Out,
            Error = screen.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = StopPatience,
        }).ConfigureAwait(false);
    }

    /// <summary>What the server is to read: all of it, or what follows <c>serve</c>. Null: it is not to run.</summary>
    private static string[]? ServerArguments(string[] args)
    {
        if (args.Length == 0) return args;
        var isServe = args[0] == ServeCommand.Name;
        var isOption = args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version");
        if (!isServe && !isOption) return null;
        var options = isServe ? args[1..] : args;
        return options.Any(option => option is "-h" or "-?") ? [CommandLine.Help] : options;
    }

    /// <summary>Everything that the parser has against the line, each once.</summary>
    private static string Wrong(ParseResult parse)
    {
        var all = parse.Errors.Select(error => error.Message.TrimEnd('.')).Distinct().ToArray();
        // A word that is no command makes the parser miss one as well.
        return string.Join("; ", parse.UnmatchedTokens.Count == 0
            ? all
            : all.Where(one => !one.StartsWith(MissingCommand, StringComparison.Ordinal)));
    }

    /// <summary>The command as far as it was understood.</summary>
    private static string Typed(ParseResult parse)
    {
        var names = new Stack<string>();
        for (var result = parse.CommandResult; result is not null;
            result = result.Parent as System.CommandLine.Parsing.CommandResult) names.Push(result.Command.Name);
        return string.Join(' ', names);
    }
}
