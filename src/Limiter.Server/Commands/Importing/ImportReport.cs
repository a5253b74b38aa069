using System.Globalization;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Importing;

/// <summary>What an import tells at its end.</summary>
internal static class ImportReport
{
    public static async Task WriteAsync(
        CommandRun run, string noun, ImportSum sum, ImportOptions options, TimeSpan elapsed)
    {
        var seconds = Math.Max(0.001, elapsed.TotalSeconds);
        if (run.Json)
        {
            await run.Out.WriteLineAsync(Json(sum, options, seconds)).ConfigureAwait(false);
            return;
        }
        var would = options.IsPreview ? " (dry run: nothing was changed)" : "";
        await run.SayAsync(FormattableString.Invariant(
            $"{sum.Lines:N0} {noun}: {sum.Added:N0} added, {sum.Present:N0} were there, {sum.Failed:N0} failed in ")
            + FormattableString.Invariant($"{seconds:N1} s, {sum.Lines / seconds:N0} a second{would}"))
            .ConfigureAwait(false);
        if (sum.Failed > sum.Errors.Count)
            await run.NoteAsync(string.Create(CultureInfo.InvariantCulture,
                $"{sum.Failed - sum.Errors.Count:N0} more failed lines are not shown (--errors)."))
                .ConfigureAwait(false);
        if (sum.ResumeAt is { } line)
            await run.NoteAsync(string.Create(CultureInfo.InvariantCulture,
                $"Stopped. Every line before {line} is done; go on with --from-line {line}.")).ConfigureAwait(false);
    }

    private static string Json(ImportSum sum, ImportOptions options, double seconds) => JsonLine.Of(json =>
    {
        json.WriteBoolean("dryRun", options.IsPreview);
        json.WriteNumber("lines", sum.Lines);
        json.WriteNumber("added", sum.Added);
        json.WriteNumber("present", sum.Present);
        json.WriteNumber("failed", sum.Failed);
        json.WriteStartArray("errors");
        foreach (var (line, error) in sum.Errors)
        {
            json.WriteStartObject();
            json.WriteNumber("line", line);
            json.WriteString("error", error);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (sum.ResumeAt is { } at) json.WriteNumber("resumeAt", at);
        json.WriteNumber("seconds", Math.Round(seconds, 3));
        json.WriteNumber("perSecond", Math.Round(sum.Lines / seconds, 1));
    });
}
