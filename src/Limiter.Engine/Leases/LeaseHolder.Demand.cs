using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

// The estimate of demand: how much to ask for ahead of time, and when.
internal sealed partial class LeaseHolder
{
    // Without a history, an edge wishes for a sixteenth of the number, at most this.
    private const long FirstWishMax = 16;
    private const int FirstWishPart = 16;

    // Renewal starts when a quarter of what was there is left.
    private const int RenewPart = 4;

    // Demand is measured over at least a sixteenth of a lifetime: a few requests at once are no rate.
    private const int ShortestSample = 16;

    private EdgeTime _askedAt;

    private long Wish(ref LeasedLimit limit, int position, long least, in EdgeTime now)
    {
        var lifetime = edge.Options.LifetimeMs;
        var elapsed = Math.Max(Math.Max(1, lifetime / ShortestSample), edge.Elapsed(now, _askedAt));
        var used = Math.Min(limit.Used, Schedule.NumberMax);
        var recent = _askedAt == default ? 0 : Ceiling.Divide(used * lifetime, elapsed);
        // Rises at once, falls by a quarter a request.
        limit.Demand = (int)Math.Min(Schedule.NumberMax, Math.Max(recent, limit.Demand - (limit.Demand / 4)));
        if (limit.Demand == 0 && least == 0) return 0;
        var number = Math.Min(_book.Terms.Limits[position].Schedule.At(now.Wall), Schedule.NumberMax);
        var floor = Math.Min(FirstWishMax, number / FirstWishPart);
        var wish = Math.Max(floor, limit.Demand + (limit.Demand / 4L));
        // Demand has fallen: what it would not spend in time may be what others lack.
        if (_waiters.Count == 0 && limit.Balance > wish * 2) limit.Return(limit.Balance - wish);
        return Math.Max(0, wish - limit.Balance);
    }

    // Where the bucket gave nothing in advance, asking again before the balance is gone would be in vain.
    private void SetRenewals_NeedsLock(ReserveRequest request, ReserveReply reply)
    {
        for (var i = 0; i < _book.Length; i++)
        {
            var least = 0L;
            foreach (var want in request.Wants)
                if (want.Limit == _book.Terms.Limits[i].Rule.Id) least = want.Waiting;
            ref var limit = ref _book[i];
            limit.RenewBelow = reply.DurationMs > 0 && reply.Limits[i].Granted > least
                ? (int)Math.Min(Schedule.NumberMax, limit.Balance / RenewPart) : 0;
        }
    }
}
