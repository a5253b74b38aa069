using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Limiter.Described;

/// <summary>Which part of a list.</summary>
public sealed class PageQuery
{
    /// <summary>Most entries of one page.</summary>
    [Range(1, 1_000), DefaultValue(100)]
    public int Limit { get; init; }

    /// <summary>Where the page before ended: its 'next'.</summary>
    public string After { get; init; } = "";
}
