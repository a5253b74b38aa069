using System.Collections.Immutable;
using Limiter.Domain.Escrow;

namespace Limiter.Domain.Buckets;

/// <summary>
/// Decides one request's wants: all the least amounts or nothing, then what the other waiting requests need, then what
/// the edge would like, as far as the bucket can spare it.
/// </summary>
/// <remarks>
/// Far from the limit an edge gets up to its share of what is left, so it need not ask again soon. Near the limit, with
/// other edges about, it gets exactly what requests are waiting for, and for a short time: nothing is stranded where it
/// would refuse somebody early.
/// </remarks>
internal sealed class Granting(BucketState state, EdgeEntry edge, ReserveRequest request)
{
    // Below a quarter of the number, a lease's lifetime is a quarter; below a tenth, nothing is granted in advance.
    private const int NearPart = 4;
    private const int VeryNearPart = 10;
    private const long ShortLifetimeMs = 1_000;

    // Where others spend too, one edge gets at most this part of an even share in advance: a burst looks like a demand
    // that goes on, and what it took too much of the others lack at once.
    private const int SharedPart = 3;
    private const int RetryRoundsMax = 32;

    // A lease that ended so long ago makes room for another edge's. An edge looks once a lifetime for what to tell: one
    // that could has told.
    private const long RoomAfterMs = Lease.LifetimeMsMax + 10_000;

    private readonly int _others = state.SpendersBesides(edge);

    public ReserveReply Decide()
    {
        var positions = new int[request.Wants.Length];
        var free = new long[positions.Length];
        var lacking = 0;
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = state.Terms.PositionOf(request.Wants[i].Limit);
            free[i] = positions[i] < 0 ? LimitCounter.Plenty : state.FreeOf(positions[i]);
            if (Lacks(i, free)) lacking++;
        }
        if (lacking > 0) return Deny(positions, free);
        return Asked(request.Wants)
            ? Grant(positions, free)
            : Keep(new KeptReply(ReserveOutcome.Granted, state.Now, 0, default, 0));
    }

    // A limit in debt refuses nobody who needs nothing of it.
    private bool Lacks(int want, long[] free) =>
        request.Wants[want].Least > 0 && free[want] < request.Wants[want].Least;

    public static bool Asked(ImmutableArray<Want> wants) => wants.Any(static want => want.Like > 0);

    private ReserveReply Grant(int[] positions, long[] free)
    {
        var lifetime = Lifetime(positions, free);
        if (lifetime <= 0 || !TryEnlist(RoomAfterMs)) return GrantExactly(positions);
        var lease = edge.Open ??= new Lease(request.Number, state.Now, state.Counters.Length);
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] < 0) continue;
            var tokens = Size(request.Wants[i], free[i], state.NumberOf(positions[i]));
            state.Counters[positions[i]].Grant(tokens);
            lease.Holdings[positions[i]].Pending = tokens;
        }
        lease.Pending = state.Now + lifetime;
        return Keep(new KeptReply(ReserveOutcome.Granted, state.Now, lifetime, default, 0));
    }

    // Spent at once: nothing is left to report, and a lost reply errs against admission.
    private ReserveReply GrantExactly(int[] positions)
    {
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] < 0) continue;
            state.Counters[positions[i]].Grant(request.Wants[i].Least);
            state.Counters[positions[i]].Spend(request.Wants[i].Least, state.Now, state.Now);
        }
        edge.Reply = new KeptReply(ReserveOutcome.Granted, state.Now, 0, default, 0);
        Remember();
        return Answer.Exactly(state, edge, request);
    }

    private ReserveReply Deny(int[] positions, long[] free)
    {
        var violated = 0u;
        for (var i = 0; i < positions.Length; i++)
            if (Lacks(i, free))
                violated |= 1u << request.Terms.PositionOf(request.Wants[i].Limit);
        var retryAt = RetryAt(positions);
        var outcome = retryAt == Instant.Never ? ReserveOutcome.Never : ReserveOutcome.Denied;
        return Keep(new KeptReply(outcome, state.Now, 0, retryAt, violated));
    }

    // The first time at which every least amount is free at once: each limit pushes the time on until none does.
    private Instant RetryAt(int[] positions)
    {
        var outstanding = Array.ConvertAll(positions, p => p < 0 ? [] : state.UnchargedOf(p).ToArray());
        var time = state.Now;
        for (var round = 0; round < RetryRoundsMax; round++)
        {
            var before = time;
            for (var i = 0; i < positions.Length && time != Instant.Never; i++)
            {
                if (positions[i] < 0 || request.Wants[i].Least == 0) continue;
                var schedule = state.Terms.Limits[positions[i]].Schedule;
                time = state.Counters[positions[i]].FreeAt(request.Wants[i].Least, time, schedule, outstanding[i]);
            }
            if (time == before) break;
        }
        return time;
    }

    private long Size(in Want want, long free, long number)
    {
        free = Math.Max(0, free);
        var waiting = Math.Min(want.Waiting, free);
        var spare = free - waiting;
        if (_others > 0 && number != Policies.Schedule.Unlimited && spare < number / VeryNearPart) return waiting;
        var share = spare / (_others + 2) / (_others == 0 ? 1 : SharedPart);
        return waiting + Math.Min(Math.Max(0, want.Like - waiting), share);
    }

    private long Lifetime(int[] positions, long[] free)
    {
        var lifetime = Math.Min(request.LifetimeMs, Lease.LifetimeMsMax);
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] < 0 || _others == 0) continue;
            var number = state.NumberOf(positions[i]);
            if (number == Policies.Schedule.Unlimited) continue;
            var near = free[i] - request.Wants[i].Least < number / NearPart;
            if (near) lifetime = Math.Min(lifetime, Math.Max(ShortLifetimeMs, request.LifetimeMs / NearPart));
        }
        for (var i = 0; i < state.Counters.Length; i++)
        {
            var want = Array.IndexOf(positions, i);
            var holds = edge.Open is { } open && open.Holdings[i].Tokens > 0;
            if (want < 0 && !holds) continue;
            // In debt, or above a lowered number: what is out lives no longer than it would, whatever is asked for.
            if (holds && (want < 0 ? state.FreeOf(i) : free[want]) < 0)
                lifetime = Math.Min(lifetime, edge.Open!.Expiry - state.Now);
            lifetime = Math.Min(lifetime, LongestFor(i));
        }
        return lifetime;
    }

    // No lease outlives its window or the number it was granted under, nor a quarter of a sliding window.
    private long LongestFor(int position)
    {
        var (rule, schedule) = state.Terms.Limits[position];
        var until = schedule.StepAt(state.Now).Until;
        var longest = until == Instant.Never ? Lease.LifetimeMsMax : until - state.Now;
        return rule.Algorithm switch
        {
            Policies.Algorithm.SlidingWindow => Math.Min(longest, rule.WindowMs / 4),
            Policies.Algorithm.TokenBucket => longest,
            _ => Math.Min(longest, Window.Of(rule, state.Now).End - state.Now),
        };
    }

    // What was charged as owed must not be charged again: for that, whoever has no lease makes room at once.
    private void Remember() => TryEnlist(edge.AppliedOwed is null ? long.MaxValue : 0);

    // Remembers the edge. When they are too many, the one heard of longest ago makes room: one that has told all, or
    // has been able to spend nothing for so many milliseconds. What that has not reported counts as spent.
    private bool TryEnlist(long roomAfterMs)
    {
        if (state.Edges.Contains(edge)) return true;
        if (state.Edges.Count >= BucketState.EdgesMax)
        {
            EdgeEntry? idle = null;
            foreach (var other in state.Edges)
                if (!other.CanSpend(state.Now) && (!other.OwesNews || state.Now - other.HeardOf >= roomAfterMs)
                    && other.GivesWayBefore(idle)) idle = other;
            if (idle is null) return false;
            if (idle.Ended is { } ended) state.Fold(ended);
            if (idle.Open is { } open) state.Fold(open);
            state.Edges.Remove(idle);
        }
        state.Edges.Add(edge);
        return true;
    }

    private ReserveReply Keep(KeptReply kept)
    {
        edge.Reply = kept;
        Remember();
        return Answer.Of(state, edge, request, _others == 0);
    }
}
