using System.Diagnostics.CodeAnalysis;

namespace Limiter.Engine.InMemory;

/// <summary>Values by name, also in the ordinal order of their names.</summary>
internal sealed class Roll<T>
    where T : class
{
    private readonly Dictionary<string, T> _byName = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    public int Count => _byName.Count;

    public IEnumerable<T> All => _byName.Values;

    public T? Find(string name) => _byName.GetValueOrDefault(name);

    public void Add(string name, T value)
    {
        _byName.Add(name, value);
        _names.Add(name);
    }

    public void Replace(string name, T value) => _byName[name] = value;

    public bool Remove(string name, [NotNullWhen(true)] out T? value)
    {
        _names.Remove(name);
        return _byName.Remove(name, out value);
    }

    public IEnumerable<T> After(string? after, int take)
    {
        if (_names.Max is not { } last || string.CompareOrdinal(after, last) >= 0) return [];
        var names = after is null ? _names : _names.GetViewBetween(after, last);
        return names.Where(name => name != after).Take(take).Select(name => _byName[name]);
    }
}
