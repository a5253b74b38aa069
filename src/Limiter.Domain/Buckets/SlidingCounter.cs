using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>
/// At most N in any interval of the window's length W, by slots. A spending at t belongs to the slot that ends at the
/// next multiple of the slot's length, counts while now is before that end + W, and is free from then on: never over,
/// and a refusal comes early by less than one slot. Outstanding tokens count as if spent at their expiry.
/// </summary>
internal sealed class SlidingCounter : LimitCounter
{
    // At most one a slot: the window's sixty, one for rounding, and the slot in progress.
    private SlotList _slots;

    public SlidingCounter(LimitRule rule)
        : base(rule) => _slots = new SlotList(0);

    private SlidingCounter(SlidingCounter other)
        : base(other.Rule) => _slots = other._slots.Share();

    public override bool IsAtRest => _slots.Count == 0;

    public override LimitCounter Clone() => new SlidingCounter(this) { Since = Since };

    public override void Advance(Instant now, Schedule schedule)
    {
        while (_slots.Count > 0 && FreeFrom(_slots.Slots[0].End) <= now) _slots.DropFirst();
    }

    public override long Free(Instant now, Schedule schedule, ReadOnlySpan<Outstanding> outstanding)
    {
        var number = schedule.At(now);
        return number == Schedule.Unlimited ? Plenty : number - Counted(now, outstanding, out _);
    }

    // Outstanding tokens are counted from the bucket's list of leases.
    public override void Grant(long tokens)
    {
    }

    public override void Spend(long tokens, Instant at, Instant now)
    {
        var end = SlotEnd(at);
        if (FreeFrom(end) > now) _slots.Add(end, tokens);
    }

    public override void Return(long tokens, Instant chargedAt, long number)
    {
    }

    public override void Charge(long tokens, Instant at, Instant now, Schedule schedule) => Spend(tokens, at, now);

    // The spending may still be outstanding in a lease: then its slot goes below zero until it is reported, and the sum
    // is right all the while. A slot that is free already counts for nothing, either way.
    public override void Refund(long tokens, Instant spentAt, long number) =>
        _slots.Add(SlotEnd(spentAt), -tokens);

    public override Instant FreeAt(
        long tokens, Instant from, Schedule schedule, ReadOnlySpan<Outstanding> outstanding)
    {
        for (var time = from; time != Instant.Never;)
        {
            var step = schedule.StepAt(time);
            var counted = Counted(time, outstanding, out var next);
            if (step.Number == Schedule.Unlimited || counted + tokens <= step.Number) return time;
            time = Instant.Min(next, step.Until);
        }
        return Instant.Never;
    }

    public override LimitOutlook Outlook(Instant now, Schedule schedule, ReadOnlySpan<Outstanding> elsewhere)
    {
        var number = schedule.At(now);
        var slots = _slots.Slots;
        var freeAt = slots.IsEmpty ? now : Instant.Max(now, FreeFrom(slots[^1].End));
        foreach (var item in elsewhere) freeAt = Instant.Max(freeAt, FreeFrom(SlotEnd(item.Expiry)));
        return new LimitOutlook
        {
            Number = number,
            Free = number == Schedule.Unlimited ? Plenty : number - Counted(now, elsewhere, out _),
            FreeAt = freeAt,
            Releases = Releases(now + Lease.LifetimeMsMax),
        };
    }

    public override long Used(Instant now) => Math.Max(0, Counted(now, default, out _));

    public override void Write(ref StateWriter writer)
    {
        writer.Write(_slots.Count);
        var last = 0L;
        foreach (var (end, tokens) in _slots.Slots)
        {
            writer.Write((end - last) / Rule.SlotMs);
            writer.WriteSigned(tokens);
            last = end;
        }
    }

    public override void Read(ref StateReader reader)
    {
        var count = reader.ReadCount(LimitRule.SlotsPerWindow * 4);
        _slots = new SlotList(count);
        for (var last = 0L; count > 0; count--)
        {
            last += reader.Read() * Rule.SlotMs;
            _slots.Add(last, reader.ReadSigned());
        }
    }

    private long SlotEnd(Instant time) => Ceiling.ToMultiple(time.UnixMilliseconds, Rule.SlotMs);

    private Instant FreeFrom(long slotEnd) => new(slotEnd + Rule.WindowMs);

    // What becomes free up to a time.
    private ImmutableArray<Spend> Releases(Instant until)
    {
        var slots = _slots.Slots;
        var count = 0;
        while (count < slots.Length && FreeFrom(slots[count].End) <= until) count++;
        if (count == 0) return [];
        var releases = new Spend[count];
        for (var i = 0; i < count; i++) releases[i] = new Spend(FreeFrom(slots[i].End), slots[i].Tokens);
        return ImmutableCollectionsMarshal.AsImmutableArray(releases);
    }

    // And when the next of it is free.
    private long Counted(Instant now, ReadOnlySpan<Outstanding> outstanding, out Instant next)
    {
        var counted = 0L;
        next = Instant.Never;
        foreach (var (end, tokens) in _slots.Slots)
        {
            var free = FreeFrom(end);
            if (free <= now) continue;
            counted += tokens;
            next = Instant.Min(next, free);
        }
        foreach (var item in outstanding)
        {
            var free = FreeFrom(SlotEnd(item.Expiry));
            if (free <= now) continue;
            counted += item.Tokens;
            next = Instant.Min(next, free);
        }
        return counted;
    }
}
