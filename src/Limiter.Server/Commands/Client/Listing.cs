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
        string? separator = null;
        await foreach (var entry in pages.ReadAsync(take, after, cancellation).ConfigureAwait(false))
        {
            if (run.Json)
                await run.Out.WriteAsync((separator ?? Opening(pages.First, name)) + entry.GetRawText())
                    .ConfigureAwait(false);
            else show(entry);
            separator = ",";
        }
        if (!run.Json) return;
        if (separator is null) await run.Out.WriteAsync(Opening(pages.First, name)).ConfigureAwait(false);
        var next = pages.Next is null ? "null" : $"\"{JsonEncodedText.Encode(pages.Next)}\"";
        await run.Out.WriteLineAsync($"],\"next\":{next}}}").ConfigureAwait(false);
    }

    /// <summary>What the first page says besides its entries holds for all of them: a total, a time.</summary>
    private static string Opening(JsonElement first, string name) => "{" + string.Concat(first.EnumerateObject()
        .Where(member => member.Name != name && member.Name != "next")
        .Select(member => $"\"{JsonEncodedText.Encode(member.Name)}\":{member.Value.GetRawText()},"))
        + $"\"{name}\":[";

    /// <summary>Says that there is more, where only a person would miss it.</summary>
    public static Task MentionMoreAsync(CommandRun run, Pages pages) => pages.Next is null || run.Json
        ? Task.CompletedTask
        : run.NoteAsync($"There are more: --after {pages.Next}, or a higher --take.");
}
