using Limiter.Server.Commands.Client;

namespace Limiter.Server.Commands.Importing;

/// <summary>What a CSV file's lines are.</summary>
internal interface IImportKind
{
    /// <summary>What is imported, in the plural.</summary>
    string Noun { get; }

    /// <summary>Says what is wrong with a header; null for nothing.</summary>
    string? ReadHeader(string[] columns);

    /// <summary>Makes of a record what the server is to be asked, or says what is wrong with it.</summary>
    (ImportLine? Line, string? Error) Read(string[] fields);
}

/// <summary>One line, ready to be sent. Doing it twice is as doing it once.</summary>
internal abstract class ImportLine
{
    /// <summary>Does it.</summary>
    public abstract Task<LineOutcome> ApplyAsync(PatientClient server, CancellationToken cancellation);

    /// <summary>Says what doing it would change, and only reads.</summary>
    public abstract Task<LineOutcome> PreviewAsync(PatientClient server, CancellationToken cancellation);
}

/// <summary>What came of a line.</summary>
/// <param name="Error">Null unless it failed.</param>
internal readonly record struct LineOutcome(LineResult Result, string? Error = null)
{
    public static LineOutcome Failed(Answer answer) => new(LineResult.Failed, answer.Why);

    public static LineOutcome Failed(string why) => new(LineResult.Failed, why);
}

internal enum LineResult
{
    /// <summary>It was not there.</summary>
    Added,

    /// <summary>It was there, and is now as the line says.</summary>
    Present,

    Failed,
}
