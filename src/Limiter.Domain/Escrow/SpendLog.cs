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

    private Spend[]? _entries;
    private int _count;
    private long _stepMs;
    private bool _isParted;

    /// <summary>Entries at present.</summary>
    public readonly int Count => _count;

    /// <summary>All tokens in the log.</summary>
    public long Total { get; private set; }

    /// <summary>The time of the last entry; <c>default</c> when there is none.</summary>
    public readonly Instant Last => _count == 0 ? default : _entries![_count - 1].At;

    /// <summary>Adds tokens spent at a time; one before the last entry counts as spent with that.</summary>
    /// <param name="at">The bucket's time.</param>
    /// <param name="tokens">At least 0.</param>
    /// <param name="stepMs">Times are rounded up to a multiple of this to begin with; 0: one entry is enough.</param>
    public void Add(Instant at, long tokens, long stepMs)
    {
        if (tokens == 0) return;
        Total += tokens;
        if (_count > 0 && (stepMs == 0 || at <= _entries![_count - 1].At))
        {
            ref var last = ref _entries![_count - 1];
            last = new Spend(last.At, last.Tokens + tokens);
            return;
        }
        _stepMs = Math.Max(_stepMs, stepMs);
        _entries ??= new Spend[stepMs == 0 ? 1 : 4];
        if (_count == EntriesMax) Coarsen();
        Append(new Spend(Rounded(at), tokens));
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
        var isEnded = _count > 0 && _entries![_count - 1].Tokens == 0;
        var first = isEnded ? _count - 2 : _count - 1;
        var joins = !_isParted && _count >= ApartMax && (isEnded || _count < EntriesMax) && at > _entries![first].At
            && (at - _entries[first].At) * rate <= _entries[first].Tokens * unitsPerToken;
        _isParted = false;
        if (!joins)
        {
            Add(isEnded ? Instant.Max(at, Last + 1) : at, tokens, 1);
            return;
        }
        Total += tokens;
        _entries![first] = _entries[first] with { Tokens = _entries[first].Tokens + tokens };
        at = Instant.Max(at, Last);
        if (isEnded) _count--;
        Append(new Spend(at, 0));
    }

    /// <summary>The next spending is told apart: something else may have filled the bucket in between.</summary>
    public void Part() => _isParted = true;

    /// <summary>Forgets the first tokens: they were reported, and the bucket's answer has been received.</summary>
    public void Drop(long tokens)
    {
        Total -= tokens;
        var gone = 0;
        while (gone < _count && tokens >= _entries![gone].Tokens) tokens -= _entries[gone++].Tokens;
        if (tokens > 0) _entries![gone] = new Spend(_entries[gone].At, _entries[gone].Tokens - tokens);
        if (gone > 0) Array.Copy(_entries!, gone, _entries!, 0, _count - gone);
        _count -= gone;
        if (_count == 0) _stepMs = 0;
    }

    public readonly ImmutableArray<Spend> ToReport() => _count == 0 ? [] : [.. _entries.AsSpan(0, _count)];

    private readonly Instant Rounded(Instant at) =>
        _stepMs <= 1 ? at : new Instant(Ceiling.ToMultiple(at.UnixMilliseconds, _stepMs));

    private void Append(in Spend entry)
    {
        if (_count == _entries!.Length) Array.Resize(ref _entries, Math.Min(EntriesMax, _count * 4));
        _entries[_count++] = entry;
    }

    // Doubles the step until neighbours fall together.
    private void Coarsen()
    {
        while (_count == EntriesMax)
        {
            _stepMs = Math.Max(2, _stepMs * 2);
            var kept = 0;
            for (var i = 0; i < _count; i++)
            {
                var at = Rounded(_entries![i].At);
                // What went on is told by its end then: later is the safe side of that, too.
                if (kept > 0 && (_entries[kept - 1].At >= at || _entries[i].Tokens == 0))
                    _entries[kept - 1] = new Spend(
                        Instant.Max(at, _entries[kept - 1].At), _entries[kept - 1].Tokens + _entries[i].Tokens);
                else
                    _entries[kept++] = new Spend(at, _entries[i].Tokens);
            }
            _count = kept;
        }
    }
}
