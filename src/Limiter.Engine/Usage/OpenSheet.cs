using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Usage;

/// <summary>
/// One minute of a tenant while it is being counted. Guarded by its <see cref="TenantTally"/>. Once a save of it had no
/// answer it is told again as it was and counts no more: the store may take that save in at any time, after later ones
/// too.
/// </summary>
internal sealed class OpenSheet(TenantTally owner, long minute, long number, long openedAt)
{
    private CountedLine[] _lines = [];
    private int _count;

    // All that a sealed one tells; of another what the sealed one before had counted and not told. Null for nothing.
    private UsageSheet? _carried;

    public TenantTally Owner { get; } = owner;

    /// <summary>Minutes since 1970.</summary>
    public long Minute { get; } = minute;

    /// <summary>Timestamp of the edge's clock at which it was begun.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>Room for so many lines, those that are carried included.</summary>
    public int Lines => _lines.Length + (_carried?.Lines.Length ?? 0);

    /// <summary>Whether it was told once without an answer.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Whether it is sealed and no save of it has had an answer since.</summary>
    public bool IsDoubtful { get; private set; }

    /// <summary>Whether it counts what is not saved.</summary>
    public bool IsDirty
    {
        get;
        private set
        {
            if (field == value) return;
            field = value;
            Owner.Tally.Wait(value);
        }
    }

    public void Count(Decision decision)
    {
        ref var line = ref Find(decision.Key, decision.Rule!);
        line.Count(decision);
        IsDirty = true;
    }

    /// <summary>The cost of an earlier admission was corrected by so much.</summary>
    public void Correct(KeyId key, EndpointRule rule, long difference)
    {
        Find(key, rule).Cost += difference;
        IsDirty = true;
    }

    /// <summary>What another sheet of the minute had counted beyond what it told.</summary>
    public void Carry(UsageSheet counted)
    {
        var lines = Lines;
        _carried = _carried is null ? counted : UsageSheet.Sum([_carried, counted]);
        Owner.Tally.Grow(Lines - lines);
        IsDirty = true;
    }

    /// <summary>The row as it stands; it counts as saved from now on, until <see cref="Seal"/>.</summary>
    public UsageRow Save()
    {
        IsDirty = false;
        var begins = new Instant(Minute * UsagePeriod.MinuteMs);
        return new UsageRow(Owner.Tenant, begins, Owner.Tally.WriterOf(number), ToSheet());
    }

    /// <summary>The store has it.</summary>
    public void Took() => IsDoubtful = false;

    /// <summary>A save had no answer: this row stays as it was told.</summary>
    /// <returns>What was counted since; null for nothing.</returns>
    public UsageSheet? Seal(UsageRow told)
    {
        var since = IsDirty && !IsSealed ? CountedSince.Of(ToSheet(), told.Sheet) : null;
        var lines = Lines;
        (_lines, _count, _carried) = ([], 0, told.Sheet);
        Owner.Tally.Grow(Lines - lines);
        IsDirty = IsSealed = IsDoubtful = true;
        return since;
    }

    private UsageSheet ToSheet()
    {
        var sum = new UsageSum();
        foreach (ref var line in _lines.AsSpan(0, _count)) line.AddTo(sum);
        if (_carried is not null) sum.Add(_carried);
        return sum.ToSheet();
    }

    private ref CountedLine Find(KeyId key, EndpointRule rule)
    {
        for (var i = 0; i < _count; i++)
        {
            if (!_lines[i].Is(key, rule)) continue;
            if (i == 0) return ref _lines[0];
            // What is asked for often comes to stand in front.
            (_lines[i], _lines[i - 1]) = (_lines[i - 1], _lines[i]);
            return ref _lines[i - 1];
        }
        // The last line is for all that came too late for one of their own.
        var isFull = _count >= UsageSheet.LinesMax - 1
            || (_count > 0 && _count == _lines.Length && !Owner.Tally.MayGrow);
        return ref isFull ? ref Rest() : ref Append(new CountedLine(key, rule));
    }

    private ref CountedLine Rest()
    {
        for (var i = _count - 1; i >= 0; i--)
            if (_lines[i].IsRest) return ref _lines[i];
        return ref Append(new CountedLine(default, null));
    }

    private ref CountedLine Append(CountedLine line)
    {
        if (_count == _lines.Length)
        {
            var room = Math.Clamp(_count * 2, 1, UsageSheet.LinesMax);
            Owner.Tally.Grow(room - _lines.Length);
            Array.Resize(ref _lines, room);
        }
        _lines[_count] = line;
        return ref _lines[_count++];
    }
}
