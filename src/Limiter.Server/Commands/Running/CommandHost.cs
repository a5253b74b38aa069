using System.CommandLine;
using System.Text.Json;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Terminal;
using Limiter.Sqlite;

namespace Limiter.Server.Commands.Running;

/// <summary>What every command has: where it writes, its clock, its environment, and options that all share.</summary>
internal sealed class CommandHost(Screen screen, TimeProvider clock, Func<string, string?> environment)
{
    private readonly Option<bool> _json = new("--json") { Description = "print JSON, for programs" };

    public Screen Screen => screen;

    public TimeProvider Clock => clock;

    public ClientOptions Client { get; } = new(environment);

    /// <summary>A command of this machine.</summary>
    public Command Local(
        string name, string description, Func<CommandRun, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }
        command.Options.Add(_json);
        command.SetAction((parse, cancellation) => RunAsync(
            new CommandRun(this, parse, parse.GetValue(_json)), run, cancellation));
        return command;
    }

    /// <summary>A command that asks a server.</summary>
    public Command Remote(
        string name, string description, Func<CommandRun, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        var command = Local(name, description, run, symbols);
        foreach (var option in Client.All) command.Options.Add(option);
        return command;
    }

    /// <summary>A command that only has commands of its own.</summary>
    public static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands) group.Subcommands.Add(command);
        return group;
    }

    /// <summary>Tells an error: a line, or with <c>--json</c> an object, on the error stream.</summary>
    public async Task FailAsync(string message, int exitCode, JsonElement? problem, bool json)
    {
        if (!json)
        {
            await screen.Error.WriteLineAsync("limiter: " + Plain.Text(message)).ConfigureAwait(false);
            return;
        }
        await screen.Error.WriteLineAsync(JsonLine.Of(writer =>
        {
            writer.WriteString("error", message);
            writer.WriteNumber("exitCode", exitCode);
            if (problem is not { } told) return;
            writer.WritePropertyName("problem");
            told.WriteTo(writer);
        })).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(
        CommandRun run, Func<CommandRun, CancellationToken, Task<int>> command, CancellationToken cancellation)
    {
        try
        {
            return await command(run, cancellation).ConfigureAwait(false);
        }
        catch (CommandFailedException failure)
        {
            await FailAsync(failure.Message, failure.ExitCode, failure.Problem, run.Json).ConfigureAwait(false);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await FailAsync("interrupted", ExitCode.Interrupted, null, run.Json).ConfigureAwait(false);
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StoreException)
        {
            await FailAsync(failure.Message, ExitCode.WrongUsage, null, run.Json).ConfigureAwait(false);
            return ExitCode.WrongUsage;
        }
        finally
        {
            run.Dispose();
        }
    }
}
