namespace Limiter.Tables.Rows;

/// <summary>Keys from one on, up to another that does not count; in ordinal order.</summary>
internal readonly record struct KeyRange(string First, string End)
{
    public bool IsEmpty => string.CompareOrdinal(First, End) >= 0;

    /// <summary>The keys of <paramref name="key"/> and further parts.</summary>
    public static KeyRange Below(string key) => new(StorageKey.Next(key), StorageKey.End(key));

    /// <summary>What of the range comes after a key.</summary>
    public KeyRange After(string key) =>
        string.CompareOrdinal(key, First) < 0 ? this : this with { First = StorageKey.Next(key) };

    public bool Holds(string key) => string.CompareOrdinal(key, First) >= 0 && string.CompareOrdinal(key, End) < 0;
}
