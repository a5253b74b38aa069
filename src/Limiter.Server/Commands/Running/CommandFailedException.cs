using System.Text.Json;

namespace Limiter.Server.Commands.Running;

/// <summary>A command cannot go on: broken I/O, or an answer that ends it. What was done stays done.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="message">One sentence for whoever typed the command.</param>
/// <param name="problem">The server's own answer, if it gave one.</param>
internal sealed class CommandFailedException(int exitCode, string message, JsonElement? problem = null)
    : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public JsonElement? Problem { get; } = problem;

    public static CommandFailedException WrongUsage(string message) => new(Running.ExitCode.WrongUsage, message);
}
