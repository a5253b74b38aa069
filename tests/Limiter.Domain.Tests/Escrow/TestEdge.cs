using System.Collections.Immutable;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Escrow;

/// <summary>
/// A small, honest edge: spends in memory while its lease lasts, reports with every request, takes in one reply to the
/// last request it sent, and nothing else.
/// </summary>
internal sealed class TestEdge(ulong id, Terms terms)
{
    private readonly List<(HeldLease Lease, LimitId Limit, long Spent, long Returned)> _reported = [];
    private long _number;
    private long _received;
    private Instant _sentAt;
    private Instant _answeredAt;
    private Instant _askedAt;
    private ImmutableArray<Want> _waiting = [];
    private long _awaited;
    private HeldLease? _open;
    private HeldLease? _ended;

    public EdgeId Id { get; } = new(id);

    public Terms Terms { get; set; } = terms;

    public ReserveReply? Last { get; private set; }

    /// <summary>What the request needs that waits for the reply.</summary>
    public ImmutableArray<Want> Waiting => _waiting;

    /// <summary>The bucket's time at the latest, as far as the edge can tell.</summary>
    public Instant Estimate(Instant now) => _answeredAt + (now - _sentAt);

    public bool TrySpend(Instant now, ImmutableArray<Want> wants)
    {
        if (_open is not { } open || now >= open.Until) return false;
        foreach (var want in wants)
        {
            var purse = open.PurseOf(want.Limit);
            // A token bucket is exact while every spending has an entry of its own.
            if (purse.Left < want.Least || purse.Log.ToReport().Length == SpendLog.EntriesMax) return false;
        }
        foreach (var want in wants) Take(open.PurseOf(want.Limit), want, Estimate(now));
        return true;
    }

    /// <summary>The tokens spent and not yet reported, and the time of the last.</summary>
    public (long Tokens, Instant Last) Unreported(LimitId limit)
    {
        var purse = _open?.PurseOf(limit);
        return purse is null ? (0, default) : (purse.Log.Total, purse.Log.Last);
    }

    /// <param name="now">The edge's time.</param>
    /// <param name="wants">What the waiting request costs, and what else would be liked.</param>
    /// <param name="lifetimeMs">Longest lease; 0 for an exact decision.</param>
    /// <param name="giveBack">Stops spending the wanted limits first: a refusal is the plain algorithm's.</param>
    public ReserveRequest Send(Instant now, ImmutableArray<Want> wants, long lifetimeMs, bool giveBack)
    {
        if (_open is { } old && now >= old.Until) End(old);
        if (giveBack && _open is { } open)
            foreach (var want in wants) open.PurseOf(want.Limit).Return();
        _reported.Clear();
        var reports = ImmutableArray.CreateBuilder<LeaseReport>();
        foreach (var lease in new[] { _ended, _open })
        {
            if (lease is null) continue;
            reports.Add(lease.Report());
            foreach (var (limit, purse) in lease.Purses) _reported.Add((lease, limit, purse.Log.Total, purse.Returned));
        }
        (_askedAt, _waiting, _awaited) = (now, wants, ++_number);
        return new ReserveRequest(Id, _number, _received, Terms, lifetimeMs, reports.DrainToImmutable(), wants, []);
    }

    /// <summary>The request that waited was refused, its tokens are not needed any more.</summary>
    public void GiveUpWaiting() => _waiting = [];

    /// <summary>Takes in a reply.</summary>
    /// <returns>When the request that waited was admitted; null when it was not, or nobody waits.</returns>
    public Instant? Receive(ReserveReply reply, Instant now)
    {
        if (reply.Number != _awaited || reply.Outcome == ReserveOutcome.Stale) return null;
        (_received, _awaited, Last) = (reply.Number, 0, reply);
        (_sentAt, _answeredAt) = (_askedAt, reply.Now);
        foreach (var (lease, limit, spent, returned) in _reported)
        {
            var purse = lease.PurseOf(limit);
            if (spent > 0) purse.Log.Drop(spent);
            purse.Returned -= returned;
        }
        if (_ended is { IsSettled: true }) _ended = null;
        if (reply.Outcome != ReserveOutcome.Granted || _waiting.IsEmpty) return TakeIn(reply, now);
        var at = TakeIn(reply, now) is { } inTime ? inTime : reply.Now;
        foreach (var want in _waiting)
            if (!reply.Exact) Take(_open!.PurseOf(want.Limit), want, at);
        return at;
    }

    private Instant? TakeIn(ReserveReply reply, Instant now)
    {
        if (reply.DurationMs == 0 || reply.Exact) return null;
        if (_open is { } other && other.Opened != reply.Opened) End(other);
        _open ??= new HeldLease(reply.Opened);
        _open.Until = _sentAt + reply.DurationMs;
        for (var i = 0; i < reply.Limits.Length; i++)
        {
            var purse = _open.PurseOf(Terms.Limits[i].Rule.Id);
            purse.Left += reply.Limits[i].Granted;
            purse.Rate = reply.Limits[i].Outlook.RateOf(Terms.Limits[i].Rule);
        }
        return _waiting.IsEmpty || now >= _open.Until ? null : Estimate(now);
    }

    private void Take(HeldLease.Purse purse, Want want, Instant at)
    {
        var tokens = Math.Min(purse.Left, want.Least);
        purse.Left -= tokens;
        var rule = Terms.Limits[Terms.PositionOf(want.Limit)].Rule;
        if (rule.Algorithm == Algorithm.TokenBucket) purse.Log.AddRefilled(at, tokens, purse.Rate, rule.WindowMs);
        else purse.Log.Add(at, tokens, rule.Algorithm == Algorithm.SlidingWindow ? rule.SlotMs : 0);
    }

    // A second one that has ended is not reported any more: the bucket counts it as spent.
    private void End(HeldLease lease)
    {
        lease.Close();
        _open = null;
        _ended = lease.IsSettled ? _ended : lease;
    }
}
