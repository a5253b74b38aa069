using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Limiter.Http.Json;

/// <summary>The fields that one kind of object may have, at most 32; a field is known by its place here.</summary>
internal sealed class FieldNames
{
    private readonly byte[][] _utf8;

    public FieldNames(params ImmutableArray<string> names)
    {
        if (names.Length is 0 or > 32) throw new ArgumentException("An object has 1 to 32 fields.", nameof(names));
        Names = names;
        _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];
    }

    public ImmutableArray<string> Names { get; }

    public string this[int field] => Names[field];

    /// <summary>The place of the property name that the reader is at, which has no escapes; or -1.</summary>
    public int Find(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < _utf8.Length; i++)
            if (reader.ValueTextEquals(_utf8[i])) return i;
        return -1;
    }

    /// <summary>The place of a name, or -1.</summary>
    public int Find(string name) => Names.IndexOf(name);
}
