using System.Numerics;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

// What can be told of the limits without asking the bucket.
internal sealed partial class LeaseBook
{
    private bool _isOutdated;

    /// <summary>The bucket changed otherwise: what it told is not to be repeated.</summary>
    public void Distrust() => _isOutdated = true;

    /// <summary>
    /// Until when what the bucket told of some limits goes on as it said: not beyond a window, a number in force, or
    /// the
    /// releases that it listed.
    /// </summary>
    public Instant CurrentUntil(uint mask)
    {
        if (_isOutdated) return Instant.MinValue;
        var until = _clock.Shown + Domain.Buckets.Lease.LifetimeMsMax;
        for (; mask != 0; mask &= mask - 1)
        {
            var position = BitOperations.TrailingZeroCount(mask);
            var (rule, schedule) = Terms.Limits[position];
            ref var outlook = ref _limits[position].Outlook;
            if (outlook.Number == Schedule.Unlimited && schedule.Steps.Length == 1) continue;
            until = Instant.Min(until, schedule.StepAt(_clock.Shown).Until);
            if (HasWindows(rule)) until = Instant.Min(until, outlook.FreeAt);
        }
        return until;
    }

    /// <summary>
    /// Whether a denial is still what the bucket would say, as far as this edge's own spending goes: that never makes
    /// room, but it can put off the time to try again.
    /// </summary>
    public bool Stands(in Denial denial, Instant now)
    {
        for (var mask = denial.Mask; mask != 0; mask &= mask - 1)
        {
            var position = BitOperations.TrailingZeroCount(mask);
            ref var limit = ref _limits[position];
            if (limit.Outlook.Number == Schedule.Unlimited) continue;
            var rule = Terms.Limits[position].Rule;
            var violated = (denial.Violated & (1u << position)) != 0;
            if (violated ? !HasWindows(rule) && limit.LastSpend > denial.Spends
                : limit.Outlook.RemainingAt(rule, now, limit.Spent.Total) < denial.Cost) return false;
        }
        return true;
    }

    /// <summary>Tells a decision how the limits stand.</summary>
    public void Describe(Decision decision, in BucketDemand demand, Instant now, uint violated)
    {
        for (var mask = demand.Mask; mask != 0; mask &= mask - 1)
        {
            var position = BitOperations.TrailingZeroCount(mask);
            if (demand.Layout.Limits[position] is not { } definition) continue;
            ref var limit = ref _limits[position];
            if (limit.Outlook.Number == Schedule.Unlimited) continue;
            var rule = Terms.Limits[position].Rule;
            decision.Add(new LimitStatus(
                definition,
                limit.Outlook.Number,
                Math.Max(0, limit.Outlook.RemainingAt(rule, now, limit.Spent.Total) - limit.OwedTokens),
                limit.Outlook.ResetsAt(rule, now, limit.Spent.Last),
                (violated & (1u << position)) != 0));
        }
        DescribeShadows(decision, demand, now, violated);
    }

    /// <summary>Which of a denial's limits still lack tokens; all of them when that cannot be told.</summary>
    public uint Violated(in Denial denial, Instant now)
    {
        var lacking = 0u;
        for (var mask = denial.Violated; mask != 0; mask &= mask - 1)
        {
            var position = BitOperations.TrailingZeroCount(mask);
            ref var limit = ref _limits[position];
            if (limit.Outlook.RemainingAt(Terms.Limits[position].Rule, now, limit.Spent.Total) < denial.Cost)
                lacking |= 1u << position;
        }
        return lacking == 0 ? denial.Violated : lacking;
    }

    private static bool HasWindows(LimitRule rule) =>
        rule.Algorithm is Algorithm.FixedWindow or Algorithm.CalendarQuota;
}
