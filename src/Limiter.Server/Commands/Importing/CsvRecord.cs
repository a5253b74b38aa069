namespace Limiter.Server.Commands.Importing;

/// <summary>One record of a CSV file.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Fields">Its fields; none when it cannot be read.</param>
/// <param name="Error">Why it cannot be read; null when it can.</param>
internal sealed record CsvRecord(long Line, string[] Fields, string? Error = null);
