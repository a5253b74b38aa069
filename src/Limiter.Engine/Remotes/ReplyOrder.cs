using System.Numerics;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Remotes;

/// <summary>
/// Tells a reply in the order of the limits that its edge knows, when the policy in force here has others. What is not
/// counted here is granted as far as it is needed, as a bucket does with a limit that it has lost.
/// </summary>
internal static class ReplyOrder
{
    public static ReserveReply Of(ReserveReply reply, Terms used, ReserveRequest asked)
    {
        if (reply.Limits.IsEmpty || IsSame(used, asked.Terms)) return reply;
        var violated = 0u;
        for (var mask = reply.Violated; mask != 0; mask &= mask - 1)
        {
            var limit = used.Limits[BitOperations.TrailingZeroCount(mask)].Rule.Id;
            if (asked.Terms.PositionOf(limit) is >= 0 and var position) violated |= 1u << position;
        }
        return reply with
        {
            Violated = violated,
            Limits = [.. asked.Terms.Limits.Select(limit => used.PositionOf(limit.Rule.Id) is >= 0 and var position
                ? reply.Limits[position]
                : new LimitReply(LeastOf(asked, limit.Rule.Id), Uncounted(reply.Now)))],
        };
    }

    private static bool IsSame(Terms used, Terms asked)
    {
        if (used.Limits.Length != asked.Limits.Length) return false;
        for (var i = 0; i < used.Limits.Length; i++)
            if (used.Limits[i].Rule.Id != asked.Limits[i].Rule.Id) return false;
        return true;
    }

    private static long LeastOf(ReserveRequest asked, LimitId limit)
    {
        foreach (var want in asked.Wants)
            if (want.Limit == limit) return want.Least;
        return 0;
    }

    private static LimitOutlook Uncounted(Instant now) =>
        new() { Number = Schedule.Unlimited, Free = Schedule.NumberMax, Releases = [], FreeAt = now };
}
