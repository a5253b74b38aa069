using System.Globalization;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Running;

namespace Limiter.Server.Commands.Usage;

/// <summary>Usage as the server's own CSV, page after page under one header.</summary>
internal static class UsageExport
{
    public static async Task<int> WriteAsync(
        CommandRun run, string path, long take, string? after, CancellationToken cancellation)
    {
        string? next = string.Create(CultureInfo.InvariantCulture, $"{path}&take={Math.Min(take, Pages.SizeMax)}");
        if (after is not null) next += "&after=" + Uri.EscapeDataString(after);
        for (var isFirst = true; next is not null && take > 0; isFirst = false)
        {
            var call = new Call(HttpMethod.Get, next) { Headers = [("Accept", "text/csv")] };
            var answer = (await run.Server.SendAsync(call, cancellation).ConfigureAwait(false)).OrFail();
            if (answer.Next == next)
                throw new CommandFailedException(ExitCode.Unreachable, $"{path}: the server repeats a page");
            take -= await WriteAsync(run.Out, answer.Text, isFirst, take).ConfigureAwait(false);
            next = answer.Next;
        }
        if (next is not null) await run.NoteAsync("There are more: a higher --take shows them.").ConfigureAwait(false);
        return ExitCode.Done;
    }

    /// <summary>Copies records, the header only of the first page; returns how many besides the header.</summary>
    private static async Task<long> WriteAsync(TextWriter output, string csv, bool isFirst, long take)
    {
        var (start, records) = (0, -1L);
        var isQuoted = false;
        for (var i = 0; i < csv.Length && records < take; i++)
        {
            if (csv[i] == '"') isQuoted = !isQuoted;
            if (isQuoted || (csv[i] != '\n' && i < csv.Length - 1)) continue;
            if (records >= 0 || isFirst)
                await output.WriteAsync(csv.AsMemory(start, i + 1 - start)).ConfigureAwait(false);
            records++;
            start = i + 1;
        }
        return Math.Max(0, records);
    }
}
