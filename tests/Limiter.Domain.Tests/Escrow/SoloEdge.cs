using System.Collections.Immutable;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tests.Buckets;

namespace Limiter.Domain.Tests.Escrow;

/// <summary>One edge with a bucket to itself: every call is answered at once, reported before denied.</summary>
internal sealed class SoloEdge(Terms terms)
{
    private readonly TestEdge _edge = new(1, terms);

    public BucketState? State { get; private set; }

    public ReserveReply? Last => _edge.Last;

    public int Calls { get; private set; }

    public bool TryAdmit(Instant now, long cost, long like, long lifetimeMs) =>
        TryAdmit(now, lifetimeMs, new Want(Make.Minute, cost, cost, Math.Max(cost, like)));

    public bool TryAdmit(Instant now, long lifetimeMs, params ImmutableArray<Want> wants)
    {
        if (_edge.TrySpend(now, wants)) return true;
        Calls++;
        var request = _edge.Send(now, wants, lifetimeMs, giveBack: true);
        (var reply, State) = Bucket.Reserve(State, request, now);
        return _edge.Receive(reply, now) is not null;
    }

    /// <summary>Sends a request whose reply is lost: what it carried must be told again.</summary>
    public void LoseReply(Instant now, long cost, long like, long lifetimeMs)
    {
        var want = new Want(Make.Minute, cost, cost, Math.Max(cost, like));
        (_, State) = Bucket.Reserve(State, _edge.Send(now, [want], lifetimeMs, giveBack: true), now);
        _edge.GiveUpWaiting();
    }

    public (long Tokens, Instant Last) Unreported(LimitId limit) => _edge.Unreported(limit);

    public (ChargeOutcome Outcome, BucketState Next) Charge(ChargeRequest request, Instant now)
    {
        var result = Bucket.Charge(State, request, now);
        State = result.Next;
        return result;
    }
}
