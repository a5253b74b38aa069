using System.Globalization;
using Limiter.Engine.Ports;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary>
/// Which part of a list is asked for: <c>limit</c> (1 to 1,000, default 100) and <c>after</c> (a name).
/// </summary>
internal readonly record struct PageQuery(int Limit, string? After)
{
    public const int LimitDefault = 100;

    public static Problem? TryRead(IQueryCollection query, out PageQuery page)
    {
        page = new PageQuery(LimitDefault, null);
        foreach (var (name, values) in query)
        {
            if (name is not ("limit" or "after")) return InputProblem.Unknown(name);
            if (values.Count != 1) return InputProblem.Duplicate(name);
            if (name == "after")
            {
                page = page with { After = values[0] };
                continue;
            }
            if (!int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
                || limit is < 1 or > DirectoryBounds.PageMax)
                return InputProblem.Invalid(name, $"a whole number from 1 to {DirectoryBounds.PageMax}");
            page = page with { Limit = limit };
        }
        return null;
    }

    /// <summary>No query is taken by most calls: a misspelt one would otherwise pass for an answer.</summary>
    public static Problem? RefuseAny(IQueryCollection query)
    {
        foreach (var (name, _) in query) return InputProblem.Unknown(name);
        return null;
    }
}
