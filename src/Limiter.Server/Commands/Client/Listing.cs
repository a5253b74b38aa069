using System.Text.Json;
using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.Client;

/// <summary>Prints a list: as JSON while it comes, or as a table's rows.</summary>
internal static class Listing
{
    /// <param name="run">The command.</param>
    /// <param name="pages">The list.</param>
    /// <param name="name">The member that holds the entries in JSON.</param>
    /// <param name="take">Most entries.</param>
    /// <param name="after">The entry after which to begin; null for the first.</param>
    /// <param name="show">Takes an entry for the table.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task WriteAsync(
        CommandRun run, Pages pages, string name, long take, string? after, Action<JsonElement> show,
        CancellationToken cancellation)
    {
        var separator = $"{{\"{name}\":[";
        await foreach (var entry in pages.ReadAsync(take, after, cancellation).ConfigureAwait(false))
        {
            if (run.Json) await run.Out.WriteAsync(separator + entry.GetRawText()).ConfigureAwait(false);
            else show(entry);
            separator = ",";
        }
        if (!run.Json) return;
        if (separator != ",") await run.Out.WriteAsync(separator).ConfigureAwait(false);
        var next = pages.Next is null ? "null" : $"\"{JsonEncodedText.Encode(pages.Next)}\"";
        await run.Out.WriteLineAsync($"],\"next\":{next}}}").ConfigureAwait(false);
    }

    /// <summary>Says that there is more, where only a person would miss it.</summary>
    public static Task MentionMoreAsync(CommandRun run, Pages pages) => pages.Next is null || run.Json
        ? Task.CompletedTask
        : run.NoteAsync($"There are more: --after {pages.Next}, or a higher --take.");
}
