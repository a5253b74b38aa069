using System.Collections.Immutable;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>
/// At most N in any interval of the window's length W, by slots. A spending at t belongs to the slot that ends at the
/// next multiple of the slot's length, counts while now is before that end + W, and is free from then on: never over,
/// and
/// a refusal comes early by less than one slot. Outstanding tokens count as if spent at their expiry.
/// </summary>
internal sealed class SlidingCounter : LimitCounter
{
    // Sorted by end, at most one a slot: the window's sixty, one for rounding, and the slot in progress.
    private readonly List<(long End, long Tokens)> _slots;

    public SlidingCounter(LimitRule rule)
        : base(rule) => _slots = [];

    private SlidingCounter(SlidingCounter other)
        : base(other.Rule) => _slots = [.. other._slots];

    public override bool IsAtRest => _slots.Count == 0;

    public override LimitCounter Clone() => new SlidingCounter(this) { Since = Since };

    public override void Advance(Instant now, Schedule schedule)
    {
        var gone = 0;
        while (gone < _slots.Count && FreeFrom(_slots[gone].End) <= now) gone++;
        if (gone > 0) _slots.RemoveRange(0, gone);
    }

    public override long Free(Instant now, Schedule schedule, ReadOnlySpan<Outstanding> outstanding)
    {
        var number = schedule.At(now);
        return number == Schedule.Unlimited ? Plenty : number - Counted(now, outstanding);
    }

    // Outstanding tokens are counted from the bucket's list of leases.
    public override void Grant(long tokens)
    {
    }

    public override void Spend(long tokens, Instant at, Instant now)
    {
        var end = SlotEnd(at);
        if (FreeFrom(end) > now) Add(end, tokens);
    }

    public override void Return(long tokens, Instant chargedAt, long number)
    {
    }

    public override void Charge(long tokens, Instant at, Instant now, Schedule schedule) => Spend(tokens, at, now);

    // The spending may still be outstanding in a lease: then its slot goes below zero until it is reported, and the sum
    // is right all the while. A slot that is free already counts for nothing, either way.
    public override void Refund(long tokens, Instant spentAt, long number) => Add(SlotEnd(spentAt), -tokens);

    public override Instant FreeAt(
        long tokens, Instant from, Schedule schedule, ReadOnlySpan<Outstanding> outstanding)
    {
        var times = new List<Instant>(1 + _slots.Count + outstanding.Length + schedule.Steps.Length) { from };
        foreach (var (end, _) in _slots) times.Add(FreeFrom(end));
        foreach (var item in outstanding) times.Add(FreeFrom(SlotEnd(item.Expiry)));
        foreach (var step in schedule.Steps) times.Add(step.Until);
        times.Sort();
        foreach (var time in times)
        {
            if (time < from || time == Instant.Never) continue;
            var number = schedule.At(time);
            if (number == Schedule.Unlimited || Counted(time, outstanding) + tokens <= number) return time;
        }
        return Instant.Never;
    }

    public override LimitOutlook Outlook(Instant now, Schedule schedule, ReadOnlySpan<Outstanding> elsewhere)
    {
        var number = schedule.At(now);
        var releases = ImmutableArray.CreateBuilder<Spend>();
        var freeAt = now;
        foreach (var (end, tokens) in _slots)
        {
            var free = FreeFrom(end);
            freeAt = Instant.Max(freeAt, free);
            if (free - now <= Lease.LifetimeMsMax) releases.Add(new Spend(free, tokens));
        }
        foreach (var item in elsewhere) freeAt = Instant.Max(freeAt, FreeFrom(SlotEnd(item.Expiry)));
        return new LimitOutlook
        {
            Number = number,
            Free = number == Schedule.Unlimited ? Plenty : number - Counted(now, elsewhere),
            FreeAt = freeAt,
            Releases = releases.DrainToImmutable(),
        };
    }

    public override long Used(Instant now) => Math.Max(0, Counted(now, default));

    public override void Write(ref StateWriter writer)
    {
        writer.Write(_slots.Count);
        var last = 0L;
        foreach (var (end, tokens) in _slots)
        {
            writer.Write((end - last) / Rule.SlotMs);
            writer.WriteSigned(tokens);
            last = end;
        }
    }

    public override void Read(ref StateReader reader)
    {
        _slots.Clear();
        var last = 0L;
        for (var count = reader.ReadCount(LimitRule.SlotsPerWindow * 4); count > 0; count--)
        {
            last += reader.Read() * Rule.SlotMs;
            _slots.Add((last, reader.ReadSigned()));
        }
    }

    private long SlotEnd(Instant time) => Ceiling.ToMultiple(time.UnixMilliseconds, Rule.SlotMs);

    private Instant FreeFrom(long slotEnd) => new(slotEnd + Rule.WindowMs);

    private long Counted(Instant now, ReadOnlySpan<Outstanding> outstanding)
    {
        var counted = 0L;
        foreach (var (end, tokens) in _slots)
            if (FreeFrom(end) > now) counted += tokens;
        foreach (var item in outstanding)
            if (FreeFrom(SlotEnd(item.Expiry)) > now) counted += item.Tokens;
        return counted;
    }

    private void Add(long end, long tokens)
    {
        var at = _slots.Count;
        while (at > 0 && _slots[at - 1].End > end) at--;
        if (at > 0 && _slots[at - 1].End == end) _slots[at - 1] = (end, _slots[at - 1].Tokens + tokens);
        else _slots.Insert(at, (end, tokens));
    }
}
