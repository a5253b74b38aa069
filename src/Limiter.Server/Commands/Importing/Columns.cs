namespace Limiter.Server.Commands.Importing;

/// <summary>Where the columns of a file stand.</summary>
internal sealed class Columns
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public int Count { get; private init; }

    public IEnumerable<string> Names => _places.Keys;

    /// <param name="names">The header.</param>
    /// <param name="required">Columns that must be there.</param>
    /// <param name="columns">The columns, when nothing is wrong.</param>
    /// <returns>What is wrong; null for nothing.</returns>
    public static string? TryRead(string[] names, string[] required, out Columns columns)
    {
        columns = new Columns { Count = names.Length };
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i].Trim();
            if (name.Length == 0) return $"the header's column {i + 1} has no name";
            if (!columns._places.TryAdd(name, i)) return $"the header names {name} twice";
        }
        var known = columns;
        var missing = required.Where(name => !known._places.ContainsKey(name)).ToArray();
        return missing.Length == 0
            ? null
            : $"the header lacks {string.Join(", ", missing)}; the first line names the columns: "
                + string.Join(',', required);
    }

    public bool Has(string name) => _places.ContainsKey(name);

    /// <summary>Trimmed; empty where there is no such column.</summary>
    public string Of(string[] fields, string name) =>
        _places.TryGetValue(name, out var place) ? fields[place].Trim() : "";

    /// <summary>What is wrong with a record's number of fields; null for nothing.</summary>
    public string? Refuse(string[] fields) =>
        fields.Length == Count ? null : $"{fields.Length} fields, the header has {Count}";
}
