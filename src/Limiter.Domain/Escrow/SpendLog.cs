using System.Collections.Immutable;

namespace Limiter.Domain.Escrow;

/// <summary>
/// When an edge spent the tokens of one limit that it has not yet reported: few entries whatever the traffic. Times are
/// rounded up to a step, which doubles when the entries would become too many: later is the safe side. A mutable value,
/// owned by its holder; <c>default</c> is empty.
/// </summary>
public struct SpendLog
{
    /// <summary>Most entries of one log.</summary>
    public const int EntriesMax = 16;

    // All entries but the last, whose tokens are the rest of the total: most logs never have more than that one.
    private Spend[]? _earlier;
    private int _earlierCount;

    // How often the step has doubled.
    private int _doublings;

    /// <summary>All tokens in the log.</summary>
    public long Total { get; private set; }

    /// <summary>The time of the last entry; <c>default</c> when there is none.</summary>
    public Instant Last { get; private set; }

    /// <summary>Entries, 0 to <see cref="EntriesMax"/>.</summary>
    public readonly int Count => Total == 0 ? 0 : _earlierCount + 1;

    private readonly Span<Spend> Earlier => _earlier.AsSpan(0, _earlierCount);

    /// <summary>Adds tokens spent at a time; one before the last entry counts as spent with that.</summary>
    /// <param name="at">The bucket's time.</param>
    /// <param name="tokens">At least 0.</param>
    /// <param name="stepMs">
    /// Times are rounded up to a multiple of this to begin with; 0: one entry is enough. The same for all of a log.
    /// </param>
    public void Add(Instant at, long tokens, long stepMs)
    {
        if (tokens == 0) return;
        if (Total == 0) Last = Rounded(at, stepMs);
        else if (stepMs > 0 && at > Last)
        {
            KeepLast(stepMs);
            Last = Rounded(at, stepMs);
        }
        Total += tokens;
    }

    /// <summary>Forgets the first tokens: they were reported, and the bucket's answer has been received.</summary>
    public void Drop(long tokens)
    {
        Total -= tokens;
        var gone = 0;
        while (gone < _earlierCount && tokens >= _earlier![gone].Tokens) tokens -= _earlier[gone++].Tokens;
        if (gone < _earlierCount) _earlier![gone] = new Spend(_earlier[gone].At, _earlier[gone].Tokens - tokens);
        if (gone > 0) Array.Copy(_earlier!, gone, _earlier!, 0, _earlierCount - gone);
        _earlierCount -= gone;
        if (Total == 0) (Last, _doublings) = (default, 0);
    }

    public readonly ImmutableArray<Spend> ToReport() => Total == 0 ? [] : [.. Earlier, LastEntry()];

    private readonly Spend LastEntry()
    {
        var tokens = Total;
        foreach (var entry in Earlier) tokens -= entry.Tokens;
        return new Spend(Last, tokens);
    }

    private void KeepLast(long stepMs)
    {
        while (Count == EntriesMax) Coarsen(stepMs);
        _earlier ??= new Spend[3];
        if (_earlierCount == _earlier.Length) Array.Resize(ref _earlier, EntriesMax - 1);
        _earlier[_earlierCount] = LastEntry();
        _earlierCount++;
    }

    private readonly Instant Rounded(Instant at, long stepMs) =>
        stepMs << _doublings <= 1 ? at : new Instant(Ceiling.ToMultiple(at.UnixMilliseconds, stepMs << _doublings));

    // Doubles the step; neighbours may fall together.
    private void Coarsen(long stepMs)
    {
        _doublings++;
        Last = Rounded(Last, stepMs);
        var kept = 0;
        foreach (var entry in Earlier)
        {
            var at = Rounded(entry.At, stepMs);
            if (at >= Last) break;
            if (kept > 0 && _earlier![kept - 1].At >= at)
                _earlier[kept - 1] = new Spend(at, _earlier[kept - 1].Tokens + entry.Tokens);
            else _earlier![kept++] = new Spend(at, entry.Tokens);
        }
        _earlierCount = kept;
    }
}
