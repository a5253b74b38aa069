using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Usage;

/// <summary>
/// One minute of a tenant while it is being counted. Guarded by its <see cref="TenantTally"/>.
/// </summary>
internal sealed class OpenSheet(TenantTally owner, long minute, long number, long openedAt)
{
    private CountedLine[] _lines = [];
    private int _count;
    private long _revision;

    public TenantTally Owner { get; } = owner;

    /// <summary>Minutes since 1970.</summary>
    public long Minute { get; } = minute;

    /// <summary>Timestamp of the edge's clock at which it was begun.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>Room for so many lines.</summary>
    public int Lines => _lines.Length;

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

    /// <summary>The row as it stands; it counts as saved from now on, until <see cref="Failed"/>.</summary>
    public UsageRow Save()
    {
        IsDirty = false;
        var begins = new Instant(Minute * UsagePeriod.MinuteMs);
        return new UsageRow(Owner.Tenant, begins, Owner.Tally.WriterOf(number), ToSheet(), ++_revision);
    }

    /// <summary>A save had no answer. Should the store take it in later, the next one counts all the same.</summary>
    public void Failed() => IsDirty = true;

    private UsageSheet ToSheet()
    {
        var sum = new UsageSum();
        foreach (ref var line in _lines.AsSpan(0, _count)) line.AddTo(sum);
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
