using Limiter.Domain.Escrow;

namespace Limiter.Domain.Buckets;

/// <summary>
/// Books what an edge reports: which reply it received, what it spent and returned, what it admitted on its own.
/// </summary>
internal readonly ref struct Settlement(BucketState state, EdgeEntry edge)
{
    public void Apply(ReserveRequest request)
    {
        // Above the last number: a later reply, which was not saved because it granted nothing.
        var received = request.LastReceived >= edge.Number;
        if (edge.Open is { } open) Acknowledge(open, received, request.LastGranted >= edge.Number);
        if (edge.Ended is { } ended) Acknowledge(ended, received, request.LastGranted >= edge.Number);
        // In the order of time. Of a lease that is not known any more, everything has been booked.
        Book(edge.Ended, request);
        Book(edge.Open, request);
        ChargeOwed(request, received);
        edge.Number = request.Number;
    }

    /// <summary>
    /// An open lease that has expired waits for its last report; one that waited already counts as spent.
    /// </summary>
    public void EndLeases()
    {
        if (edge.Open is { IsEmpty: true }) edge.Open = null;
        if (edge.Ended is { IsEmpty: true }) edge.Ended = null;
        if (edge.Open is not { } open || open.Expiry > state.Now) return;
        state.End(edge);
    }

    // What is pending was granted by the reply to the last request. The edge may have had another reply to it: a
    // denial, which was not saved, before a copy of the request came that was granted.
    private void Acknowledge(Lease lease, bool received, bool granted)
    {
        for (var i = 0; i < lease.Holdings.Length; i++)
        {
            ref var holding = ref lease.Holdings[i];
            if (received) (holding.AppliedSpent, holding.AppliedReturned) = (0, 0);
            if (received && granted) holding.Held += holding.Pending;
            else if (holding.Pending > 0)
            {
                // No lease outlives a window that it holds tokens of: its last moment is in the window of their grant.
                state.Counters[i].Return(holding.Pending, lease.Pending + -1, state.NumberOf(i));
            }
            holding.Pending = 0;
        }
        if (received && granted && lease.Pending != default) lease.Received = lease.Pending;
        lease.Pending = default;
    }

    private void Book(Lease? lease, ReserveRequest request)
    {
        if (lease is null) return;
        foreach (var report in request.Reports)
        {
            if (report.Opened != lease.Opened) continue;
            foreach (var limit in report.Limits)
                if (state.Terms.PositionOf(limit.Limit) is >= 0 and var position) Book(lease, position, limit);
        }
    }

    private void Book(Lease lease, int position, in LimitReport report)
    {
        ref var holding = ref lease.Holdings[position];
        var known = holding.AppliedSpent;
        var total = 0L;
        // A refund may name the edge's time of the spending: that must not be in a later slot than the spending itself.
        var latest = state.Counters[position] is SlidingCounter
            ? Instant.Max(state.Now, lease.Received)
            : state.Now;
        var bucket = state.Counters[position] as TokenCounter;
        for (var i = 0; i < report.Spends.Length; i++)
        {
            var spend = report.Spends[i];
            // Of a token bucket, an entry without tokens tells until when the one before went on.
            var until = bucket is not null && i + 1 < report.Spends.Length && report.Spends[i + 1] is { Tokens: 0 } end
                ? Instant.Max(spend.At, end.At)
                : spend.At;
            total += spend.Tokens;
            // What an earlier request reported stands first: reports are in the order of time.
            var tokens = Math.Min(spend.Tokens, Math.Max(0, total - known));
            tokens = Math.Min(tokens, holding.Held);
            var at = Instant.Min(Instant.Max(spend.At, lease.GrantedAt), latest);
            if (until > spend.At) at = bucket!.TimeOf(at, Instant.Min(until, latest), lease.GrantedAt);
            if (tokens <= 0) continue;
            state.Counters[position].Spend(tokens, at, state.Now);
            // A refund may name an edge's time, also one that is ahead of the bucket's.
            if (until > at) bucket?.GoOn(at, Instant.Min(until, Instant.Max(state.Now, lease.Received)));
            holding.Held -= tokens;
        }
        holding.AppliedSpent = Math.Max(known, total);
        var returned = Math.Min(Math.Max(0, report.Returned - holding.AppliedReturned), holding.Held);
        state.Counters[position].Return(returned, lease.Received + -1, state.NumberOf(position));
        holding.Held -= returned;
        holding.AppliedReturned = Math.Max(holding.AppliedReturned, report.Returned);
    }

    private void ChargeOwed(ReserveRequest request, bool received)
    {
        if (received) edge.AppliedOwed = null;
        foreach (var owed in request.Owed)
        {
            var position = state.Terms.PositionOf(owed.Limit);
            if (position < 0) continue;
            edge.AppliedOwed ??= new long[state.Counters.Length];
            var known = edge.AppliedOwed[position];
            var total = 0L;
            foreach (var spend in owed.Spends)
            {
                total += spend.Tokens;
                // What an earlier request told stands first: it is told in the order of time.
                var tokens = Math.Min(spend.Tokens, total - known);
                if (tokens > 0) ChargeOwed(position, tokens, spend.At);
            }
            edge.AppliedOwed[position] = Math.Max(known, total);
        }
    }

    // As late as it was told it counts as admitted ten minutes ago: a day that was closed by then stays as it is.
    private void ChargeOwed(int position, long tokens, Instant at)
    {
        var (counter, schedule) = (state.Counters[position], state.Terms.Limits[position].Schedule);
        // Each edge tells what a shadow limit would have admitted as far as it knew. Together that may be too much; the
        // limit would not have admitted it, and is not left in debt.
        if (state.Terms.Limits[position].IsShadow) tokens = Math.Min(tokens, Math.Max(0, state.FreeOf(position)));
        at = Instant.Max(Instant.Min(at, state.Now), state.Now + -Lease.LateMsMax);
        counter.Charge(tokens, at, state.Now, schedule);
    }
}
