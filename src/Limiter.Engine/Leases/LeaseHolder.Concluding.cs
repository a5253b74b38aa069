using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;

namespace Limiter.Engine.Leases;

// What follows from the bucket's reply.
internal sealed partial class LeaseHolder
{
    // How long a denial is repeated without asking when other edges may give tokens back.
    private const long ContestedMs = 250;

    // The last request that wanted tokens had no answer: what it may have been granted goes back only when the bucket
    // hears that nothing was received.
    private bool _isUnheard;

    private void Conclude_NeedsLock(ReserveRequest request, ReserveReply? reply, Waiter? first, in EdgeTime sent)
    {
        if (reply is null || reply.Outcome == ReserveOutcome.Stale)
        {
            _isUnheard |= !request.Wants.IsEmpty;
            if (first is { Earmarked: not 0 }) _book.Release(first.Earmarked, first.Demand.Cost);
            FailAll_NeedsLock();
            return;
        }
        _isUnheard = false;
        if (request.LifetimeMs > 0 && (reply.Exact || reply.DurationMs > 0))
            Volatile.Write(ref _spendsAtOnce, reply.Exact);
        var now = edge.Now();
        var opened = _book.Lease.Opened;
        _book.Receive(reply, sent, now);
        // Both were spent without a lease, which a denial that is kept has not seen.
        if (reply.Exact || request.Owed.Length > 0) _denials.Clear();
        SetRenewals_NeedsLock(request, reply);
        // Another policy file is no news of the tenant: reading its record again would not help.
        var known = _book.Terms.Version;
        if (reply.TermsVersion > known && reply.TermsVersion.Policy == known.Policy) edge.OnOutdated(Bucket);
        if (first is not null) ConcludeFirst_NeedsLock(first, reply, opened, now);
        ServeOthers_NeedsLock(now);
    }

    private void FailAll_NeedsLock()
    {
        while (_waiters.Count > 0) Complete(_waiters.Dequeue(), WaitOutcome.Unreachable);
    }

    private void ConcludeFirst_NeedsLock(Waiter first, ReserveReply reply, long opened, in EdgeTime now)
    {
        var (demand, earmarked) = (first.Demand, first.Earmarked);
        // Tokens that were set aside are gone when their lease ended meanwhile: the request asks anew.
        var kept = earmarked == 0 || (_book.Lease.Opened == opened && _book.Lease.IsValid(edge, now));
        first.Earmarked = 0;
        if (reply.Outcome is ReserveOutcome.Denied or ReserveOutcome.Never)
        {
            if (_book.Lease.Opened == opened) _book.Release(earmarked, demand.Cost);
            var holds = reply.Alone ? reply.RetryAt : Instant.Min(reply.RetryAt, reply.Now + ContestedMs);
            holds = Instant.Min(holds, _book.CurrentUntil(demand.Mask));
            var denial = new Denial(demand.Mask, demand.Cost, reply.RetryAt, reply.Violated, holds, _book.Spends);
            _denials.Add(denial);
            Deny_NeedsLock(demand, first.Decision, denial, reply.Now);
            Finish_NeedsLock(first, WaitOutcome.Denied);
        }
        else if (kept)
        {
            Admit_NeedsLock(first, reply, earmarked);
        }
        else if (first.Tries >= Waiter.TriesMax)
        {
            Finish_NeedsLock(first, WaitOutcome.Unreachable);
        }
    }

    private void Admit_NeedsLock(Waiter first, ReserveReply reply, uint earmarked)
    {
        var (demand, decision) = (first.Demand, first.Decision);
        var fresh = demand.Cost == 0 || reply.Exact ? 0 : demand.Mask & ~earmarked;
        if (first.SetsAside && !reply.Exact)
        {
            _book.Earmark(fresh, demand.Cost);
            Finish_NeedsLock(first, WaitOutcome.Granted);
            return;
        }
        _book.Take(fresh, demand.Cost, reply.Now);
        _book.TakeEarmarked(earmarked, demand.Cost, reply.Now);
        Tell_NeedsLock(decision, demand, reply.Now);
        Finish_NeedsLock(first, reply.Exact ? WaitOutcome.GrantedExactly : WaitOutcome.Granted);
    }

    private void ServeOthers_NeedsLock(in EdgeTime now)
    {
        for (var count = _waiters.Count; count > 0; count--)
        {
            var waiter = _waiters.Dequeue();
            var demand = waiter.Demand;
            // Who came later and only looks may have come to have what was spent meanwhile reported.
            if (Speaks_NeedsLock(demand.Terms)
                && (demand.Cost > 0 ? _book.Covers(demand.Mask, demand.Cost, now) : waiter.IsCarried))
            {
                var at = _book.LatestNow(now);
                if (waiter.SetsAside) _book.Earmark(demand.Mask, demand.Cost);
                else
                {
                    _book.Take(demand.Mask, demand.Cost, at);
                    Tell_NeedsLock(waiter.Decision, demand, at);
                }
                Complete(waiter, WaitOutcome.Granted);
            }
            else if (TryDeny_NeedsLock(demand, waiter.Decision, now)) Complete(waiter, WaitOutcome.Denied);
            else _waiters.Enqueue(waiter);
        }
    }

    private void Tell_NeedsLock(Decision decision, in BucketDemand demand, Instant at)
    {
        decision.SpentAt = at;
        decision.At = at;
        decision.Mode = DecisionMode.Exact;
        decision.Outcome = Outcome.Allowed;
        _book.Describe(decision, demand, at, _book.Observe(demand, at));
    }

    private void Finish_NeedsLock(Waiter first, WaitOutcome outcome)
    {
        _waiters.Dequeue();
        Complete(first, outcome);
    }

    private void CompleteClose_NeedsLock()
    {
        if (_closed is not null) edge.Handoff.Post(static closed => closed.TrySetResult(), _closed);
    }

    private void Complete(Waiter waiter, WaitOutcome outcome) => edge.Handoff.Post(
        static done => done.Waiter.TrySetResult(done.Outcome), (Waiter: waiter, Outcome: outcome));
}
