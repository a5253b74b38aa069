using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Client.Remote;

/// <summary>Whether a reply can be one to a request: what came over a network is not booked unseen.</summary>
internal static class ReplyBounds
{
    // The end of the year 9999.
    private const long LatestMs = 253_402_300_800_000;

    public static bool IsPossible(ReserveReply reply, ReserveRequest request)
    {
        if (reply.Number != request.Number || reply.Now.UnixMilliseconds is < 1 or >= LatestMs) return false;
        if (reply.Outcome == ReserveOutcome.Stale) return true;
        if (reply.DurationMs is < 0 or > Lease.LifetimeMsMax || reply.Opened > request.Number) return false;
        if (reply.Limits.Length != request.Terms.Limits.Length) return false;
        if (reply.Violated >> reply.Limits.Length != 0) return false;
        for (var i = 0; i < reply.Limits.Length; i++)
            if (reply.Limits[i].Granted > MostOf(request, request.Terms.Limits[i].Rule.Id)) return false;
        return true;
    }

    private static long MostOf(ReserveRequest request, LimitId limit)
    {
        foreach (var want in request.Wants)
            if (want.Limit == limit) return want.Like;
        return 0;
    }
}
