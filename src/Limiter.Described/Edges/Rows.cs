using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Limiter.Described.Edges;

/// <summary>What an edge counted.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class Rows
{
    /// <summary>The edge's id, random at each start of its process.</summary>
    [RegularExpression("^[0-9a-fA-F]{16}$")]
    public required string Edge { get; init; }

    /// <summary>By their writers: the edge's id, a hyphen, a number that rises, in hexadecimal.</summary>
    [MaxLength(256), JsonPropertyName("rows")]
    public required Dictionary<string, Row> ByWriter { get; init; }
}

/// <summary>A minute of a tenant's requests.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class Row
{
    /// <summary>Left out for anonymous callers.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Its start; at most 7 days ago.</summary>
    public required DateTimeOffset Minute { get; init; }

    /// <summary>Rises with each state of the row that is told; an earlier one changes nothing.</summary>
    [AtLeast(1)]
    public required long Revision { get; init; }

    /// <summary>The encoded counts.</summary>
    public required byte[] Sheet { get; init; }
}

/// <summary>What came of them.</summary>
public sealed class RowsAnswer
{
    /// <summary>How many rows were saved.</summary>
    [AtLeast(1)]
    public required long Saved { get; init; }
}
