using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Limiter.Domain.Policies;

namespace Limiter.Described.Traffic;

/// <summary>A request that is to be decided about.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class Check : Asked
{
    /// <summary>The request's HTTP method.</summary>
    [MaxLength(EndpointMatcher.MethodLengthMax)]
    public required string Method { get; init; }

    /// <summary>The request's path; a query is ignored.</summary>
    [MaxLength(PathNormaliser.LengthMax)]
    public required string Path { get; init; }

    /// <summary>Makes a retried check count once, for 10 minutes.</summary>
    [MaxLength(128)]
    public string Id { get; init; } = "";

    /// <summary>
    /// Holds the cost for so long, 1s to 9m: a charge commits the true cost, or gives it back with 0. Without one it is
    /// given back when the time is over.
    /// </summary>
    [RegularExpression("^[0-9]{1,3}[sm]$")]
    public string Reserve { get; init; } = "";
}

/// <summary>A request that is to be explained.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class Explain : Asked
{
    /// <summary>The request's HTTP method.</summary>
    [MaxLength(EndpointMatcher.MethodLengthMax)]
    public required string Method { get; init; }

    /// <summary>The request's path; a query is ignored.</summary>
    [MaxLength(PathNormaliser.LengthMax)]
    public required string Path { get; init; }
}

/// <summary>Whose limits are asked for, and of which request: every limit where it has no path.</summary>
public sealed class LimitsQuery : Asked
{
    /// <summary>The request's HTTP method; GET by default.</summary>
    [MaxLength(EndpointMatcher.MethodLengthMax)]
    public string Method { get; init; } = "";

    /// <summary>The request's path; a query is ignored.</summary>
    [MaxLength(PathNormaliser.LengthMax)]
    public string Path { get; init; } = "";

    /// <summary>Taken and ignored.</summary>
    [MaxLength(128)]
    public string Id { get; init; } = "";

    /// <summary>Ignored: nothing is consumed.</summary>
    [RegularExpression("^[0-9]{1,3}[sm]$")]
    public string Reserve { get; init; } = "";
}
