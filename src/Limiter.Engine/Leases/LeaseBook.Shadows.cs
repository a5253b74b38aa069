using System.Numerics;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

// Shadow limits. No request waits for tokens of one, so none are granted: what it would have admitted is told to the
// bucket afterwards, as what is owed. What it would have denied is not counted by it.
internal sealed partial class LeaseBook
{
    /// <summary>Counts an admission by the shadow limits that would have admitted it; returns the others.</summary>
    public uint Observe(in BucketDemand demand, Instant now)
    {
        if (demand.Shadows == 0 || demand.Cost == 0) return 0;
        var lacking = Lacking(demand, now);
        for (var mask = demand.Shadows & ~lacking; mask != 0; mask &= mask - 1)
        {
            var position = BitOperations.TrailingZeroCount(mask);
            ref var limit = ref _limits[position];
            var rule = Terms.Limits[position].Rule;
            // The bucket takes no more than is free when it is told: that is when it counts from.
            limit.Owe(rule, demand.Cost, Instant.Never);
            limit.Outlook.SpendUngranted(rule, demand.Cost, now);
        }
        return lacking;
    }

    /// <summary>The shadow limits that lack tokens for a request, as far as this edge knows.</summary>
    public uint Lacking(in BucketDemand demand, Instant now)
    {
        var lacking = 0u;
        for (var mask = demand.Shadows; mask != 0; mask &= mask - 1)
        {
            var position = BitOperations.TrailingZeroCount(mask);
            if (Current(position, now).Outlook.RemainingAt(Terms.Limits[position].Rule, now, 0) < demand.Cost)
                lacking |= 1u << position;
        }
        return lacking;
    }

    /// <summary>To be called before what is owed is told.</summary>
    public void RollShadows(Instant now)
    {
        for (var position = 0; position < _limits.Length && HasHeard; position++)
            if (Terms.Limits[position].IsShadow) Current(position, now);
    }

    private void DescribeShadows(Decision decision, in BucketDemand demand, Instant now, uint lacking)
    {
        for (var mask = demand.Shadows; mask != 0; mask &= mask - 1)
        {
            var position = BitOperations.TrailingZeroCount(mask);
            ref var limit = ref Current(position, now);
            if (demand.Layout.Limits[position] is not { } definition || limit.Outlook.Number == Schedule.Unlimited)
                continue;
            var rule = Terms.Limits[position].Rule;
            decision.Add(new LimitStatus(
                definition, limit.Outlook.Number, limit.Outlook.RemainingAt(rule, now, 0),
                limit.Outlook.ResetsAt(rule, now, limit.OwedTokens > 0 ? now : default),
                (lacking & (1u << position)) != 0));
        }
    }

    // A lease may outlast the window of a shadow limit: what was owed in that is of no use in the next.
    private ref LeasedLimit Current(int position, Instant now)
    {
        ref var limit = ref _limits[position];
        var (rule, schedule) = Terms.Limits[position];
        if (limit.Outlook.Roll(rule, schedule, now)) limit.Owed?.KeepFirst(_told?[position].Owed ?? 0);
        return ref limit;
    }
}
