using System.ComponentModel.DataAnnotations;

namespace Limiter.Described.Edges;

/// <summary>The policy in force and how leases are taken.</summary>
public sealed class PolicyAnswer
{
    /// <summary>Rises with each policy that is put in force.</summary>
    public required long Generation { get; init; }

    /// <summary>Of the source.</summary>
    [RegularExpression("^[0-9a-f]{64}$")]
    public required string Sha256 { get; init; }

    /// <summary>For how long a lease is taken, in milliseconds.</summary>
    [AtLeast(0)]
    public required long LeaseMs { get; init; }

    /// <summary>How long a check waits for its bucket, in milliseconds.</summary>
    [AtLeast(0)]
    public required long WaitMs { get; init; }

    /// <summary>The policy's file.</summary>
    public required string Source { get; init; }
}
