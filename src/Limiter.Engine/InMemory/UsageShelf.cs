using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.InMemory;

/// <summary>Rows or totals of one grain, in the order of their places; the oldest make room. Not thread-safe.</summary>
internal sealed class UsageShelf<T>(UsageGrain grain, int entriesMax)
    where T : class
{
    private readonly SortedSet<UsagePlace> _places = [];
    private readonly Dictionary<UsagePlace, T> _entries = [];

    public T? Find(UsagePlace place) => _entries.GetValueOrDefault(place);

    public void Put(UsagePlace place, T entry)
    {
        _entries[place] = entry;
        if (!_places.Add(place) || _places.Count <= entriesMax) return;
        var oldest = _places.Min;
        _places.Remove(oldest);
        _entries.Remove(oldest);
    }

    /// <summary>The first whole, not before a time, that has entries; null for none.</summary>
    public Instant? First(Instant from)
    {
        if (_places.Count == 0) return null;
        var start = UsagePlace.FirstOf(from);
        if (_places.Max.CompareTo(start) < 0) return null;
        return _places.GetViewBetween(start, _places.Max).Min.Whole;
    }

    /// <summary>Removes the oldest that stand in wholes before a time; returns how many.</summary>
    public int Delete(Instant before, int take)
    {
        var gone = 0;
        for (; gone < take && _places.Count > 0 && _places.Min.Whole < before; gone++)
        {
            var oldest = _places.Min;
            _places.Remove(oldest);
            _entries.Remove(oldest);
        }
        return gone;
    }

    public UsagePage<UsagePart> Parts(
        Instant whole, string? after, int take, Func<T, UsagePart> read, Func<UsagePlace, bool>? which = null)
    {
        var from = after is null ? UsagePlace.FirstOf(whole) : UsagePlace.Parse(after).Next();
        var found = Between(from, UsagePlace.FirstOf(whole + 1)).Where(which ?? (static _ => true)).Take(take).ToList();
        return new UsagePage<UsagePart>(
            [.. found.Select(place => read(_entries[place]))], found.Count < take ? null : found[^1].ToCursor());
    }

    public UsagePage<T> List(TenantId tenant, Instant from, Instant until, string? after, int take)
    {
        var items = new List<T>();
        UsagePlace? last = after is null ? null : UsagePlace.Parse(after);
        var whole = UsagePlace.WholeOf(grain, last?.Start ?? from);
        while (whole < until && items.Count < take)
        {
            var start = last is { } place && place.Whole == whole
                ? place.Next() : UsagePlace.FirstOf(whole, tenant, from);
            foreach (var found in Between(start, UsagePlace.EndOf(whole, tenant, until)).Take(take - items.Count))
                items.Add(_entries[(last = found).Value]);
            if (NextOf(whole) is not { } next) break;
            whole = next;
        }
        return new UsagePage<T>(items, items.Count < take ? null : last!.Value.ToCursor());
    }

    private Instant? NextOf(Instant whole) =>
        grain == UsageGrain.Month ? null : new UsagePeriod(grain + 1, whole).End;

    private SortedSet<UsagePlace> Between(UsagePlace from, UsagePlace before) =>
        from.CompareTo(before) < 0 ? _places.GetViewBetween(from, before) : [];
}
