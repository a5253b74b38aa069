using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>
/// Decides for one bucket: a pure function of its state, a request and the host's time. The host loads, decides, saves,
/// and only then answers; a state that was passed in never changes.
/// </summary>
public static class Bucket
{
    /// <summary>Grants every least amount or nothing, after settling what the edge reports.</summary>
    /// <param name="state">The bucket's state; null for one that was never used.</param>
    /// <param name="request">The request.</param>
    /// <param name="now">The host's time; the bucket's own never goes back.</param>
    /// <returns>The answer, and the state to save: <paramref name="state"/> itself when nothing changed.</returns>
    public static (ReserveReply Reply, BucketState Next) Reserve(
        BucketState? state, ReserveRequest request, Instant now)
    {
        var known = state?.Find(request.Edge);
        if (state is not null && Recall(state, request) is { } repeated) return (repeated, state);
        var next = state?.Clone() ?? new BucketState(request.Terms, now);
        next.MoveTo(now);
        TermsChange.Adopt(next, request.Terms);
        var edge = next.Own(request.Edge) ?? new EdgeEntry(request.Edge);
        var settlement = new Settlement(next, edge);
        settlement.Apply(request);
        settlement.EndLeases();
        var folded = next.FoldRefilled();
        var reply = new Granting(next, edge, request).Decide();
        next.Forget();
        next.Verify();
        // What was folded has to be saved: the time of a retry that was told counts on it.
        var matters = state is null || folded || Matters(request, reply, known, state, next);
        return (reply, matters ? next : state!);
    }

    /// <summary>The answer to a request that is not new to the state; null for a new one.</summary>
    public static ReserveReply? Recall(BucketState state, ReserveRequest request) =>
        state.Find(request.Edge) is { } known && request.Number <= known.Number
            ? Answer.Repeat(state, known, request)
            : null;

    /// <summary>Corrects the cost of an earlier admission, once.</summary>
    /// <returns>What came of it, and the state to save: <paramref name="state"/> itself when nothing changed.</returns>
    public static (ChargeOutcome Outcome, BucketState Next) Charge(
        BucketState? state, ChargeRequest request, Instant now)
    {
        var next = state?.Clone() ?? new BucketState(request.Terms, now);
        next.MoveTo(now);
        TermsChange.Adopt(next, request.Terms);
        next.Charges = next.Charges.At(next.Now);
        var outcome = Correct(next, request);
        if (outcome != ChargeOutcome.Applied) return (outcome, state ?? next);
        next.Verify();
        return (outcome, next);
    }

    /// <summary>True when the state may be thrown away: a new bucket would decide, count and report alike.</summary>
    public static bool IsAtRest(BucketState state, Instant now)
    {
        var moved = state.Clone();
        moved.MoveTo(now);
        moved.Forget();
        return moved.Edges.Count == 0 && moved.Charges.Count == 0 && Array.TrueForAll(moved.Counters, c => c.IsAtRest);
    }

    /// <summary>
    /// Tokens charged on a UTC day that is over, those in leases that were never settled included; not what the day
    /// before carried over.
    /// </summary>
    /// <param name="state">The bucket's state.</param>
    /// <param name="day">The day's start.</param>
    /// <param name="now">The host's time.</param>
    /// <returns>Null while the day goes on, and when the bucket was used on later days than the next.</returns>
    public static long? CloseDay(BucketState state, Instant day, Instant now)
    {
        if (state.Terms.PositionOf(LimitId.Day) is not (>= 0 and var position)) return null;
        if (state.Counters[position] is not FixedCounter counter) return null;
        return Instant.Max(state.Now, now) < Window.Of(counter.Rule, day).End ? null : counter.ChargedIn(day);
    }

    // A request that told nothing and was granted nothing leaves nothing to save: a flood of denials writes nothing.
    // The edge's next request then names a reply that the state does not know, above the last that it does.
    private static bool Matters(
        ReserveRequest request, ReserveReply reply, EdgeEntry? known, BucketState state, BucketState next)
    {
        if (!request.Reports.IsEmpty || !request.Owed.IsEmpty || next.Terms != state.Terms) return true;
        if (reply.Outcome == ReserveOutcome.Granted && !request.Wants.IsEmpty) return true;
        return known is not null && (known.AppliedOwed is not null || known.AwaitsAcknowledgement);
    }

    private static ChargeOutcome Correct(BucketState next, ChargeRequest request)
    {
        if (next.Charges.Find(request.Id) is { } corrected)
            return corrected == request.TrueCost ? ChargeOutcome.Repeated : ChargeOutcome.Conflict;
        if (next.Now - request.SpentAt >= ChargeRequest.LifetimeMs) return ChargeOutcome.Expired;
        if (next.Charges.Count >= ChargeRequest.RememberedMax) return ChargeOutcome.Full;
        var spentAt = Instant.Min(request.SpentAt, next.Now);
        foreach (var limit in request.Limits)
        {
            var position = next.Terms.PositionOf(limit);
            if (position < 0) continue;
            var schedule = next.Terms.Limits[position].Schedule;
            var difference = request.TrueCost - request.Cost;
            if (difference > 0) next.Counters[position].Charge(difference, next.Now, next.Now, schedule);
            else if (difference < 0 && spentAt >= next.Counters[position].Since)
                next.Counters[position].Refund(-difference, spentAt, schedule.At(next.Now));
        }
        next.Charges = next.Charges.With(new RememberedCharge(request.Id, request.TrueCost, next.Now));
        return ChargeOutcome.Applied;
    }
}
