using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>Puts a decision into the words of the protocol, in the order of the asking edge's terms.</summary>
internal static class Answer
{
    public static ReserveReply Of(BucketState state, EdgeEntry edge, ReserveRequest request, bool alone)
    {
        var kept = edge.Reply;
        return new ReserveReply(
            request.Number, kept.Outcome, kept.Now, state.Terms.Version, edge.Open?.Opened ?? 0, kept.DurationMs,
            Exact: false, alone, kept.RetryAt, kept.Violated,
            Limits(state, edge, request, position => edge.Open?.Holdings[position].Pending ?? 0));
    }

    public static ReserveReply Exactly(BucketState state, EdgeEntry edge, ReserveRequest request) => new(
        request.Number, ReserveOutcome.Granted, edge.Reply.Now, state.Terms.Version, edge.Open?.Opened ?? 0, 0,
        Exact: true, Alone: false, default, 0,
        Limits(state, edge, request, position => LeastOf(request, state.Terms.Limits[position].Rule.Id)));

    /// <summary>The answer to a request that was delivered again, or too late.</summary>
    public static ReserveReply Repeat(BucketState state, EdgeEntry edge, ReserveRequest request) =>
        request.Number == edge.Number
            ? WasExact(edge, request) ? Exactly(state, edge, request) : Of(state, edge, request, alone: false)
            : new ReserveReply(
                request.Number, ReserveOutcome.Stale, state.Now, state.Terms.Version, 0, 0,
                Exact: false, Alone: false, default, 0, []);

    private static bool WasExact(EdgeEntry edge, ReserveRequest request) =>
        edge.Reply is { Outcome: ReserveOutcome.Granted, DurationMs: 0 } && Granting.Asked(request.Wants);

    private static ImmutableArray<LimitReply> Limits(
        BucketState state, EdgeEntry edge, ReserveRequest request, Func<int, long> granted)
    {
        var replies = new LimitReply[request.Terms.Limits.Length];
        var same = request.Terms.Version == state.Terms.Version;
        for (var i = 0; i < replies.Length; i++)
        {
            var position = same ? i : state.Terms.PositionOf(request.Terms.Limits[i].Rule.Id);
            replies[i] = position < 0
                ? new LimitReply(LeastOf(request, request.Terms.Limits[i].Rule.Id), Uncounted(state.Now))
                : new LimitReply(granted(position), OutlookOf(state, edge, position));
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(replies);
    }

    private static LimitOutlook OutlookOf(BucketState state, EdgeEntry edge, int position)
    {
        var outlook = state.Counters[position].Outlook(
            state.Now, state.Terms.Limits[position].Schedule, state.UnchargedOf(position, edge));
        // A fixed window's count includes what this edge holds and may still spend.
        if (state.Counters[position] is FixedCounter && outlook.Number != Schedule.Unlimited)
            outlook.Free += edge.Open?.Holdings[position].Tokens ?? 0;
        return outlook;
    }

    private static LimitOutlook Uncounted(Instant now) =>
        new() { Number = Schedule.Unlimited, Free = LimitCounter.Plenty, FreeAt = now, Releases = [] };

    private static long LeastOf(ReserveRequest request, LimitId limit)
    {
        foreach (var want in request.Wants)
            if (want.Limit == limit) return want.Least;
        return 0;
    }
}
