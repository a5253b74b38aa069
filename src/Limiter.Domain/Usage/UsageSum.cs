using System.Collections.Immutable;

namespace Limiter.Domain.Usage;

/// <summary>Adds sheets and lines up. Not thread-safe.</summary>
public sealed class UsageSum
{
    /// <summary>
    /// Most subjects told apart while adding; a further one goes to the rest at once. Far above what a sheet holds, so
    /// that it is the busiest that keep their lines.
    /// </summary>
    public const int SubjectsMax = 10_000;

    /// <summary>Most limits told apart in a line besides the rest, whose name is empty.</summary>
    public const int LimitsMax = 32;

    private readonly Dictionary<UsageSubject, Entry> _entries = [];

    // What is added comes subject by subject.
    private (UsageSubject Subject, Entry? Entry) _last;

    private PeakMinute? _peak;

    public void Add(UsageSheet sheet)
    {
        foreach (var line in sheet.Lines) Add(line);
        AddPeak(sheet.Peak);
    }

    public void Add(UsageLine line)
    {
        Add(line.Subject, line.Counts);
        foreach (var denied in line.DeniedBy) AddDenied(line.Subject, denied.Limit, denied.Checks);
        foreach (var shadowed in line.ShadowedBy) AddShadowed(line.Subject, shadowed.Limit, shadowed.Checks);
    }

    /// <summary>The busiest of the minutes that are added is the sum's.</summary>
    public void AddPeak(PeakMinute? minute) => _peak = PeakMinute.Busier(_peak, minute);

    public void Add(UsageSubject subject, UsageCounts counts)
    {
        var entry = Find(subject);
        entry.Counts += counts;
    }

    /// <param name="subject">Whose checks a limit denied.</param>
    /// <param name="limit">Its name.</param>
    /// <param name="checks">How many; at least 0.</param>
    public void AddDenied(UsageSubject subject, string limit, long checks)
    {
        if (checks == 0) return;
        var entry = Find(subject);
        Add(entry.DeniedBy ??= NewCounts(), limit, checks);
    }

    /// <param name="subject">Whose checks a shadow limit would have denied.</param>
    /// <param name="limit">Its name.</param>
    /// <param name="checks">How many; at least 0.</param>
    public void AddShadowed(UsageSubject subject, string limit, long checks)
    {
        if (checks == 0) return;
        var entry = Find(subject);
        Add(entry.ShadowedBy ??= NewCounts(), limit, checks);
    }

    /// <summary>The sum. Beyond the lines that a sheet holds, those with the most checks keep theirs.</summary>
    public UsageSheet ToSheet()
    {
        if (_entries.Count > UsageSheet.LinesMax) Fold();
        return new UsageSheet([.. InOrder(_entries).Select(entry => entry.Value.ToLine(entry.Key))], _peak);
    }

    private void Fold()
    {
        var least = InOrder(_entries.Where(entry => !entry.Key.IsOther))
            .OrderByDescending(entry => entry.Value.Counts.Checks).Skip(UsageSheet.LinesMax - 1).ToList();
        foreach (var (subject, entry) in least)
        {
            _entries.Remove(subject);
            _last = default;
            Add(UsageSubject.Other, entry.Counts);
            foreach (var (limit, checks) in entry.DeniedBy ?? []) AddDenied(UsageSubject.Other, limit, checks);
            foreach (var (limit, checks) in entry.ShadowedBy ?? []) AddShadowed(UsageSubject.Other, limit, checks);
        }
    }

    private static SortedDictionary<string, long> NewCounts() => new(StringComparer.Ordinal);

    private static void Add(SortedDictionary<string, long> counts, string limit, long checks)
    {
        if (counts.Count >= LimitsMax && !counts.ContainsKey(limit)) limit = "";
        counts[limit] = counts.GetValueOrDefault(limit) + checks;
    }

    private static List<KeyValuePair<UsageSubject, Entry>> InOrder(
        IEnumerable<KeyValuePair<UsageSubject, Entry>> entries)
    {
        var ordered = new List<KeyValuePair<UsageSubject, Entry>>(entries);
        ordered.Sort(static (x, y) => Compare(x.Key, y.Key));
        return ordered;
    }

    private static int Compare(UsageSubject x, UsageSubject y)
    {
        var byKey = string.CompareOrdinal(x.Key, y.Key);
        if (byKey != 0) return byKey;
        var byGroup = string.CompareOrdinal(x.Group, y.Group);
        return byGroup != 0 ? byGroup : string.CompareOrdinal(x.Template, y.Template);
    }

    private Entry Find(UsageSubject subject)
    {
        if (_last.Entry is { } last && _last.Subject == subject) return last;
        if (!_entries.TryGetValue(subject, out var entry))
        {
            if (_entries.Count >= SubjectsMax && !subject.IsOther) return Find(UsageSubject.Other);
            _entries.Add(subject, entry = new Entry());
        }
        _last = (subject, entry);
        return entry;
    }

    private sealed class Entry
    {
        public UsageCounts Counts { get; set; }

        /// <summary>Null for none.</summary>
        public SortedDictionary<string, long>? DeniedBy { get; set; }

        /// <summary>Null for none.</summary>
        public SortedDictionary<string, long>? ShadowedBy { get; set; }

        public UsageLine ToLine(UsageSubject subject) =>
            new(subject, Counts, ToArray(DeniedBy)) { ShadowedBy = ToArray(ShadowedBy) };

        private static ImmutableArray<DeniedBy> ToArray(SortedDictionary<string, long>? counts) =>
            counts is null ? [] : [.. counts.Select(by => new DeniedBy(by.Key, by.Value))];
    }
}
