using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Tests.Auditing;

/// <summary>
/// What was admitted and what was charged besides, by one number: each time of an admission is summed by itself.
/// </summary>
internal sealed class ChargedTally(
    LimitRule rule, long number, long bindsAfterMs, IReadOnlyList<(Instant At, long Tokens)> spent,
    IReadOnlyList<(Instant At, Instant KnownAt, long Tokens)> charged)
{
    public bool IsOver() => spent.Any(last => rule.Algorithm switch
    {
        Algorithm.FixedWindow => IsWindowOver(last.At),
        Algorithm.SlidingWindow => IsIntervalOver(last.At),
        _ => IsBucketOver(last.At, isHeardAtOnce: false) || IsBucketOver(last.At, isHeardAtOnce: true),
    });

    private bool IsIntervalOver(Instant at)
    {
        var from = at + (1 - rule.WindowMs);
        var charges = charged.Where(charge => Binds(charge.KnownAt, at) && charge.At >= from);
        return Tally.Sum(spent, from, at) + charges.Sum(charge => charge.Tokens) > number;
    }

    // What is not heard of yet suspends what is judged with it; without any charge that binds, admissions count alone.
    private bool IsBucketOver(Instant at, bool isHeardAtOnce)
    {
        var charges = charged
            .Where(charge => charge.At < at && (!isHeardAtOnce || charge.KnownAt == charge.At)).ToArray();
        if (!charges.All(charge => Binds(charge.KnownAt, at))) charges = [];
        var both = spent.Where(entry => entry.At <= at)
            .Concat(charges.Select(charge => (charge.At, charge.Tokens))).ToArray();
        return both.Any(first => Tally.IsOver(rule, Tally.Sum(both, first.At, at), at - first.At, number));
    }

    // No lease outlives its window: what was heard of before it binds from its start.
    private bool IsWindowOver(Instant at)
    {
        var start = Tally.WindowStart(rule, at);
        bool Counts(Instant knownAt) => knownAt < start || Binds(knownAt, at);
        return Tally.Sum(spent, start, at) + Dated(start, Counts) + Carried(start, Counts) > number;
    }

    // What the window before had no room for: of what it was charged until its end, and of what counts since.
    private long Carried(Instant start, Func<Instant, bool> counts)
    {
        if (start <= World.Start) return 0;
        var before = start + -rule.WindowMs;
        var charges = Dated(before, counts) + Carried(before, knownAt => knownAt < start);
        var room = Math.Max(0, number - Tally.Sum(spent, before, start + -1));
        return Math.Max(0, charges - room);
    }

    private long Dated(Instant start, Func<Instant, bool> counts) => charged
        .Where(charge => charge.At >= start && charge.At < start + rule.WindowMs && counts(charge.KnownAt))
        .Sum(charge => charge.Tokens);

    private bool Binds(Instant knownAt, Instant at) => knownAt + bindsAfterMs <= at;
}
