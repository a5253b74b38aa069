using System.Collections.Immutable;
using System.Numerics;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;

namespace Limiter.Engine.Explaining;

/// <summary>Puts together what is known of the limits that count a request.</summary>
internal static class Explanations
{
    /// <summary>Whether a limit that may refuse has fewer tokens left than the request costs.</summary>
    public static bool IsLacking(Decision decision)
    {
        foreach (ref readonly var status in decision.Limits)
            if (!status.Limit.IsShadow && status.Remaining < decision.Cost) return true;
        return false;
    }

    public static ImmutableArray<ExplainedLimit> Of(Decision decision, in Identity identity)
    {
        var policy = decision.Policy!;
        var (caller, binding) = (identity.Caller, Binding(decision));
        var limits = new List<ExplainedLimit>();
        foreach (var demand in decision.Rule!.Demands)
        {
            var layout = policy.Layouts[demand.Layout];
            var value = Buckets.ValueOf(
                layout.Partition, caller, identity.Key?.Record.Key ?? default, identity.Address);
            // A tenant's own bucket has no other value than its name.
            if (value.Length == 0) value = caller.Tenant.Text;
            for (var mask = demand.Mask | demand.Shadows; mask != 0; mask &= mask - 1)
            {
                if (layout.Limits[BitOperations.TrailingZeroCount(mask)] is not { } limit) continue;
                var status = StatusOf(decision, limit);
                limits.Add(new ExplainedLimit(
                    limit, value, NumberSource.Of(policy, limit, caller.Plan, caller.Record, decision.At), status,
                    status?.Remaining < decision.Cost, limit.Index == binding));
            }
        }
        return [.. limits.OrderBy(limit => limit.Limit.Index)];
    }

    private static LimitStatus? StatusOf(Decision decision, LimitDefinition limit)
    {
        foreach (ref readonly var status in decision.Limits)
            if (status.Limit.Index == limit.Index) return status;
        return null;
    }

    // The index of the limit with least left: if any lacks tokens it is one of those. -1 when all are unlimited.
    private static int Binding(Decision decision)
    {
        var (index, least) = (-1, long.MaxValue);
        foreach (ref readonly var status in decision.Limits)
            if (!status.Limit.IsShadow && status.Remaining < least)
                (index, least) = (status.Limit.Index, status.Remaining);
        return index;
    }
}
