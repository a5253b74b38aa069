namespace Limiter.Described.Problems;

/// <summary>An error, as RFC 9457 has it.</summary>
public sealed class Problem
{
    /// <summary>Always about:blank: the code tells.</summary>
    public required string Type { get; init; }

    /// <summary>The status in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Detail { get; init; }

    /// <summary>Stable, for programs.</summary>
    public required string Code { get; init; }

    /// <summary>The field, query parameter or part of the path at fault.</summary>
    public string Field { get; init; } = "";

    /// <summary>The greatest value that would have been accepted.</summary>
    public long Cap { get; init; }
}
