using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Tests.Oracles;

/// <summary>One limit counted as plainly as can be: every spending is kept, nothing is leased.</summary>
internal sealed class PlainLimit(LimitRule rule, long number, Instant start)
{
    private readonly List<(Instant At, long Tokens)> _spent = [];

    // Token bucket: what is missing from a full one, in units of 1/window token.
    private long _missing;
    private Instant _missingAt = start;

    private long Rate => number * rule.RefillPercent / 100;

    public long Remaining(Instant now) => rule.Algorithm switch
    {
        Algorithm.TokenBucket => ((number * rule.WindowMs) - Missing(now)) / rule.WindowMs,
        _ => number - Counted(now),
    };

    /// <summary>The first moment from now at which tokens are free; never when they cannot be.</summary>
    public Instant FreeAt(Instant now, long tokens)
    {
        if (tokens > number) return Instant.Never;
        if (Remaining(now) >= tokens) return now;
        switch (rule.Algorithm)
        {
            case Algorithm.TokenBucket:
                return now + Ceiling.Divide((tokens * rule.WindowMs) - ((number * rule.WindowMs) - Missing(now)), Rate);
            case Algorithm.SlidingWindow:
                return _spent.Select(spend => FreeFrom(spend.At)).Where(time => time > now).Order()
                    .First(time => number - Counted(time) >= tokens);
            default:
                return End(now);
        }
    }

    public Instant ResetsAt(Instant now) => rule.Algorithm switch
    {
        Algorithm.TokenBucket => now + Ceiling.Divide(Missing(now), Rate),
        Algorithm.SlidingWindow => _spent.Select(spend => FreeFrom(spend.At)).Append(now).Max(),
        _ => End(now),
    };

    public void Spend(Instant now, long tokens)
    {
        _missing = Missing(now) + (tokens * rule.WindowMs);
        _missingAt = now;
        if (rule.Algorithm == Algorithm.SlidingWindow) _spent.RemoveAll(spend => FreeFrom(spend.At) <= now);
        else _spent.RemoveAll(spend => End(spend.At) <= now);
        _spent.Add((now, tokens));
    }

    private long Missing(Instant now) =>
        rule.Algorithm == Algorithm.TokenBucket ? Math.Max(0, _missing - ((now - _missingAt) * Rate)) : 0;

    private long Counted(Instant now) => rule.Algorithm == Algorithm.SlidingWindow
        ? _spent.Where(spend => FreeFrom(spend.At) > now).Sum(spend => spend.Tokens)
        : _spent.Where(spend => End(spend.At) == End(now)).Sum(spend => spend.Tokens);

    private Instant FreeFrom(Instant spent) =>
        new Instant(Ceiling.ToMultiple(spent.UnixMilliseconds, rule.SlotMs)) + rule.WindowMs;

    private Instant End(Instant time)
    {
        var utc = time.ToDateTimeOffset();
        if (rule.Algorithm == Algorithm.FixedWindow)
            return new Instant(((time.UnixMilliseconds / rule.WindowMs) + 1) * rule.WindowMs);
        return Instant.From(rule.Period switch
        {
            CalendarPeriod.Hour => new DateTimeOffset(utc.Date, default).AddHours(utc.Hour + 1),
            CalendarPeriod.Day => new DateTimeOffset(utc.Date, default).AddDays(1),
            _ => new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, default).AddMonths(1),
        });
    }
}
