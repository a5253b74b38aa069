using Limiter.Domain;

namespace Limiter.Engine.Leases;

/// <summary>A bucket's denial of one kind of request.</summary>
/// <param name="Mask">The limits that count the request.</param>
/// <param name="Cost">Its cost.</param>
/// <param name="RetryAt">When it would pass, in the bucket's time; <see cref="Instant.Never"/> for never.</param>
/// <param name="Violated">The limits that lacked tokens.</param>
/// <param name="HoldsUntil">
/// Until when it is repeated without asking again, while this edge spends nothing that changes it.
/// </param>
/// <param name="Spends">How often this edge had spent tokens before.</param>
internal readonly record struct Denial(
    uint Mask, long Cost, Instant RetryAt, uint Violated, Instant HoldsUntil, long Spends);

/// <summary>
/// The denials that still stand, so that a flood of refused requests asks the bucket once and not once each. Bounded:
/// the oldest makes room.
/// </summary>
internal struct Denials
{
    private const int KeptMax = 8;

    // The latest first.
    private Denial[]? _kept;

    public readonly bool TryFind(uint mask, long cost, Instant now, out Denial denial)
    {
        foreach (var kept in _kept ?? [])
        {
            if (kept.Mask != mask || kept.Cost != cost || now >= kept.HoldsUntil) continue;
            denial = kept;
            return true;
        }
        denial = default;
        return false;
    }

    public void Add(in Denial denial)
    {
        _kept ??= new Denial[KeptMax];
        var (mask, cost) = (denial.Mask, denial.Cost);
        var place = Array.FindIndex(_kept, kept => kept.Mask == mask && kept.Cost == cost);
        if (place < 0) place = KeptMax - 1;
        Array.Copy(_kept, 0, _kept, 1, place);
        _kept[0] = denial;
    }

    public void Clear() => _kept = null;
}
