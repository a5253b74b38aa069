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

    // So many spendings of a token bucket are told apart before they are put together.
    private const int ApartMax = EntriesMax / 2;

    // All entries but the last, whose tokens are the rest of the total: most logs never have more than that one.
    private Spend[]? _earlier;
    private int _earlierCount;

    // How often the step has doubled.
    private short _doublings;
    private bool _isParted;

    // The last entry holds no tokens: it tells until when the one before went on.
    private bool _isEnd;

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
        _isEnd = false;
    }

    /// <summary>
    /// Adds tokens of a token bucket. A bucket that cannot have been full since the last entry ends up the same if they
    /// were spent then: after some entries they are put together with it, and an entry of no tokens tells until when.
    /// </summary>
    /// <param name="at">The bucket's time.</param>
    /// <param name="tokens">At least 0.</param>
    /// <param name="rate">Units refilled in a millisecond.</param>
    /// <param name="unitsPerToken">Units that one token is.</param>
    public void AddRefilled(Instant at, long tokens, long rate, long unitsPerToken)
    {
        if (tokens == 0) return;
        var joins = !_isParted && Joins(at, rate, unitsPerToken);
        _isParted = false;
        if (!joins)
        {
            Add(_isEnd ? Instant.Max(at, Last + 1) : at, tokens, 1);
            return;
        }
        if (_isEnd)
        {
            ref var joined = ref _earlier![_earlierCount - 1];
            joined = joined with { Tokens = joined.Tokens + tokens };
            Total += tokens;
            Last = Instant.Max(at, Last);
            return;
        }
        Total += tokens;
        KeepLast(1);
        (Last, _isEnd) = (at, true);
    }

    /// <summary>The next spending is told apart: something else may have filled the bucket in between.</summary>
    public void Part() => _isParted = true;

    /// <summary>Forgets the first tokens: they were reported, and the bucket's answer has been received.</summary>
    public void Drop(long tokens)
    {
        Total -= tokens;
        var gone = 0;
        while (gone < _earlierCount && tokens >= _earlier![gone].Tokens) tokens -= _earlier[gone++].Tokens;
        if (gone < _earlierCount) _earlier![gone] = new Spend(_earlier[gone].At, _earlier[gone].Tokens - tokens);
        if (gone > 0) Array.Copy(_earlier!, gone, _earlier!, 0, _earlierCount - gone);
        _earlierCount -= gone;
        if (Total == 0) (Last, _doublings, _isEnd) = (default, 0, false);
    }

    /// <summary>Forgets all but the first tokens.</summary>
    public void KeepFirst(long tokens)
    {
        if (tokens >= Total) return;
        var last = LastEntry();
        while (_earlierCount > 0 && Total - last.Tokens >= tokens)
        {
            Total -= last.Tokens;
            last = _earlier![--_earlierCount];
        }
        (Total, Last, _isEnd) = (tokens, last.At, false);
        if (Total == 0) (Last, _doublings) = (default, 0);
    }

    public readonly ImmutableArray<Spend> ToReport() => Total == 0 ? [] : [.. Earlier, LastEntry()];

    private readonly bool Joins(Instant at, long rate, long unitsPerToken)
    {
        if (Count < ApartMax || (Count == EntriesMax && !_isEnd)) return false;
        var joined = _isEnd ? _earlier![_earlierCount - 1] : LastEntry();
        return at > joined.At && (at - joined.At) * rate <= joined.Tokens * unitsPerToken;
    }

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
        stepMs << _doublings <= 1 || at == Instant.Never
            ? at
            : new Instant(Ceiling.ToMultiple(at.UnixMilliseconds, stepMs << _doublings));

    // Doubles the step; neighbours may fall together.
    private void Coarsen(long stepMs)
    {
        var last = LastEntry().Tokens;
        _doublings++;
        Last = Rounded(Last, stepMs);
        var kept = 0;
        foreach (var entry in Earlier)
        {
            var at = Rounded(entry.At, stepMs);
            // What went on is told by its end then: later is the safe side of that, too.
            if (kept > 0 && (_earlier![kept - 1].At >= at || entry.Tokens == 0))
                _earlier[kept - 1] = new Spend(
                    Instant.Max(at, _earlier[kept - 1].At), _earlier[kept - 1].Tokens + entry.Tokens);
            else _earlier![kept++] = new Spend(at, entry.Tokens);
        }
        // What falls together with the last entry counts with it, whose tokens are the rest.
        while (kept > 0 && (_earlier![kept - 1].At >= Last || last == 0)) last += _earlier[--kept].Tokens;
        (_earlierCount, _isEnd) = (kept, false);
    }
}
