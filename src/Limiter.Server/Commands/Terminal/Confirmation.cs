using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.Terminal;

/// <summary>Asks a person before something is taken away for good.</summary>
internal static class Confirmation
{
    /// <summary>False when the person thinks otherwise.</summary>
    /// <param name="run">The command.</param>
    /// <param name="isGiven">Whether <c>--yes</c> was typed.</param>
    /// <param name="question">What is going to happen.</param>
    /// <exception cref="CommandFailedException">Nobody is there to be asked.</exception>
    public static async Task<bool> AskAsync(CommandRun run, bool isGiven, string question)
    {
        if (isGiven) return true;
        if (!run.Screen.InIsTerminal || !run.Screen.ErrorIsTerminal)
            throw CommandFailedException.WrongUsage($"{question}? Nobody can be asked here: add --yes");
        await run.Screen.Error.WriteAsync(Plain.Text(question) + "? [y/N] ").ConfigureAwait(false);
        await run.Screen.Error.FlushAsync().ConfigureAwait(false);
        var typed = await run.Screen.In.ReadLineAsync().ConfigureAwait(false);
        if (typed?.Trim() is "y" or "Y" or "yes") return true;
        await run.NoteAsync("Nothing was changed.").ConfigureAwait(false);
        return false;
    }
}
