using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;

namespace Limiter.Http.Contract;

/// <summary>Which of a decision's limits an answer speaks of.</summary>
internal static class DescribedLimit
{
    /// <summary>
    /// The limit that the headers describe, as a place in <see cref="Decision.Limits"/>; -1 for none. The policy names
    /// one, or it is the binding one: least left, on a denial among those that refused, and of equals the policy's
    /// first.
    /// </summary>
    public static int Find(Decision decision)
    {
        var limits = decision.Limits;
        if (decision.Policy?.Response.Described is { } described)
        {
            for (var i = 0; i < limits.Length; i++)
                if (limits[i].Limit.Index == described.Index) return i;
            return -1;
        }
        return Binding(limits, AnyViolated(limits));
    }

    /// <summary>
    /// The limit that refuses longest, as a place in <see cref="Decision.Limits"/>; -1 when none refused. A window's
    /// end is when its limit stops refusing, so the limit whose window ends with the refusal is the one.
    /// </summary>
    public static int RefusesLongest(Decision decision)
    {
        var limits = decision.Limits;
        var longest = -1;
        for (var i = 0; i < limits.Length; i++)
        {
            if (!limits[i].Denies) continue;
            if (EndsWithWindow(limits[i]) && limits[i].ResetsAt >= decision.RetryAt) return i;
            if (longest < 0 || Waits(limits[i]) > Waits(limits[longest])) longest = i;
        }
        return longest;
    }

    private static int Binding(ReadOnlySpan<LimitStatus> limits, bool violatedOnly)
    {
        var binding = -1;
        for (var i = 0; i < limits.Length; i++)
        {
            // Clients are not told of limits that refuse nobody.
            if (limits[i].Limit.IsShadow || (violatedOnly && !limits[i].Violated)) continue;
            if (binding < 0 || limits[i].Remaining < limits[binding].Remaining) binding = i;
        }
        return binding;
    }

    private static bool AnyViolated(ReadOnlySpan<LimitStatus> limits)
    {
        foreach (ref readonly var status in limits)
            if (status.Denies) return true;
        return false;
    }

    private static bool EndsWithWindow(in LimitStatus status) =>
        status.Limit.Rule.Algorithm is Algorithm.FixedWindow or Algorithm.CalendarQuota;

    /// <summary>A window that ends before the refusal does cannot be what refuses longest.</summary>
    private static Instant Waits(in LimitStatus status) => EndsWithWindow(status) ? default : status.ResetsAt;
}
