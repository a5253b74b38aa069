using Limiter.Domain.Escrow;

namespace Limiter.Domain.Buckets;

/// <summary>
/// Corrections that a bucket applied lately, oldest first. Immutable: with a further one it is another value, which
/// shares the room of this one as long as there is some, so that thousands are not copied for each. Thread-safe.
/// </summary>
internal sealed class RememberedCharges
{
    public static readonly RememberedCharges None = new(new Room(0), 0, 0);

    private readonly Room _room;
    private readonly int _first;

    private RememberedCharges(Room room, int first, int count) => (_room, _first, Count) = (room, first, count);

    public int Count { get; }

    public RememberedCharge this[int index] => new(
        _room.Ids[_first + index], _room.Applied[_first + index].TrueCost, _room.Applied[_first + index].At);

    /// <summary>What a check was corrected to; null for one that was not.</summary>
    public long? Find(ulong id) =>
        _room.Ids.AsSpan(_first, Count).IndexOf(id) is >= 0 and var found ? this[found].TrueCost : null;

    /// <param name="charge">Not applied before the last.</param>
    public RememberedCharges With(in RememberedCharge charge)
    {
        var end = _first + Count;
        if (_room.TryTake(end, charge)) return new RememberedCharges(_room, _first, Count + 1);
        // A quarter more: at its fullest it stays below what the garbage collector takes for large.
        var room = new Room(Count + (Count / 4) + 8);
        _room.Ids.AsSpan(_first, Count).CopyTo(room.Ids);
        _room.Applied.AsSpan(_first, Count).CopyTo(room.Applied);
        room.Begin(Count, charge);
        return new RememberedCharges(room, 0, Count + 1);
    }

    /// <summary>Without those that count no more.</summary>
    public RememberedCharges At(Instant now)
    {
        var gone = 0;
        while (gone < Count && !this[gone].Counts(now)) gone++;
        return gone == 0 ? this : gone == Count ? None : new RememberedCharges(_room, _first + gone, Count - gone);
    }

    // Each place is written once, by the value that was the last to have it as its next.
    private sealed class Room(int places)
    {
        private int _taken;

        public ulong[] Ids { get; } = new ulong[places];

        public (long TrueCost, Instant At)[] Applied { get; } = new (long, Instant)[places];

        public bool TryTake(int place, in RememberedCharge charge)
        {
            if (place >= Ids.Length || Interlocked.CompareExchange(ref _taken, place + 1, place) != place) return false;
            (Ids[place], Applied[place]) = (charge.Id, (charge.TrueCost, charge.At));
            return true;
        }

        /// <summary>The first change of a room that nobody else has.</summary>
        public void Begin(int count, in RememberedCharge charge)
        {
            _taken = count;
            TryTake(count, charge);
        }
    }
}

internal readonly record struct RememberedCharge(ulong Id, long TrueCost, Instant At)
{
    /// <summary>Longer than a check can be corrected, by what an edge's clock may be ahead of the bucket's.</summary>
    public bool Counts(Instant now) => now - At < ChargeRequest.LifetimeMs + Lease.LifetimeMsMax;
}
