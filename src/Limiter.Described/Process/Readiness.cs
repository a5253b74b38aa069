using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Limiter.Described.Process;

/// <summary>The process can be used.</summary>
public sealed class Readiness
{
    /// <summary>Anything else is an error.</summary>
    [AllowedValues("ready")]
    public required string Status { get; init; }

    /// <summary>The policy in force.</summary>
    public required LoadedPolicy Policy { get; init; }

    /// <summary>Only where a newer file was refused.</summary>
    [JsonPropertyName("reload")]
    public FailedReload Failed { get; init; } = null!;
}

/// <summary>A policy and since when it holds.</summary>
public sealed class LoadedPolicy
{
    /// <summary>As it calls itself.</summary>
    public required string Name { get; init; }

    /// <summary>The first 6 bytes of the file's SHA-256, in hexadecimal.</summary>
    public required string Digest { get; init; }

    /// <summary>Rises with each policy that is put in force.</summary>
    public required long Generation { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset LoadedAt { get; init; }
}

/// <summary>A policy that was refused; the one before stays.</summary>
public sealed class FailedReload
{
    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>How many errors it has.</summary>
    [AtLeast(1)]
    public required long Errors { get; init; }
}
