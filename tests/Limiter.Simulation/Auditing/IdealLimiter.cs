using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// An ideal central limiter: it follows what was admitted, and is asked about every request that was denied. One that
/// it has room for was refused early, and takes that room, so that it is counted once. An admission that it has no room
/// for then takes the place of such a one. A twin pays for what was admitted without a bucket or turned out dearer, as
/// the real one has to: what that has no room for either was refused for those charges.
/// </summary>
internal sealed class IdealLimiter
{
    private readonly InOrder<Told> _told;
    private RefusalCount _count;

    /// <param name="toldWithinMs">
    /// How long after it was decided it may be told of a request: it takes all of them in the order of their decisions.
    /// </param>
    public IdealLimiter(long toldWithinMs) => _told = new InOrder<Told>(toldWithinMs, told => Take(told));

    /// <summary>Everything that was told so far.</summary>
    public RefusalCount Count
    {
        get
        {
            _told.TakeAll();
            return _count;
        }
    }

    /// <summary>A request that was let through.</summary>
    public void Admit(Instant at, long cost, LimitAccount[] limits, bool isDegraded) =>
        Tell(new Told(at, cost, limits, Fate.Admitted) { IsDegraded = isDegraded });

    /// <summary>
    /// A request that was denied for its limits. It was early only if there was room whenever it could have been
    /// decided.
    /// </summary>
    public void Deny(Instant arrivedAt, Instant at, long cost, LimitAccount[] limits, bool isDegraded)
    {
        var arrival = arrivedAt < at ? new Arrival() : null;
        if (arrival is not null) Tell(new Told(arrivedAt, cost, limits, Fate.UnderWay) { Arrival = arrival });
        Tell(new Told(at, cost, limits, Fate.Denied) { Arrival = arrival, IsDegraded = isDegraded });
    }

    /// <summary>A cost was corrected: what is taken back counts from when it was spent.</summary>
    public void Correct(Instant spentAt, Instant at, long tokens, LimitAccount[] limits) =>
        Tell(new Told(at, tokens, limits, Fate.Corrected) { SpentAt = spentAt });

    private void Tell(in Told told) => _told.Add(told.At, told);

    private void Take(in Told told)
    {
        if (told.Fate == Fate.Admitted) Follow(told);
        else if (told.Fate == Fate.UnderWay) told.Arrival!.LackedRoom = !Fits(told);
        else if (told.Fate == Fate.Denied) Question(told);
        else Correct(told);
    }

    private static void Correct(in Told told)
    {
        var at = told.Tokens > 0 ? told.At : told.SpentAt;
        foreach (var limit in told.Limits)
        {
            limit.Ideal.Spend(at, told.Tokens);
            if (told.Tokens > 0) limit.Paying.Charge(at, told.Tokens, limit.Numbers.At(at));
            else limit.Paying.Spend(at, told.Tokens);
        }
    }

    // It takes the room that there is. The rest makes up for what was refused early: that had taken this room before.
    private void Follow(in Told told)
    {
        var room = RoomFor(told);
        var paid = told.IsDegraded ? told.Tokens : RoomFor(told, pays: true);
        foreach (var limit in told.Limits)
        {
            limit.Paying.Charge(told.At, paid, limit.Numbers.At(told.At));
            if (Room(limit, limit.Ideal, told.At) >= told.Tokens) limit.Ideal.Spend(told.At, room);
            else limit.Ideal.Empty(told.At, limit.Numbers.At(told.At));
        }
        _count = _count with
        {
            Requests = _count.Requests + 1,
            AdmissibleTokens = _count.AdmissibleTokens + room,
            MadeUpTokens = _count.MadeUpTokens + MakeUp(told, told.Tokens - room),
        };
    }

    private void Question(in Told told)
    {
        var fits = told.Arrival is not { LackedRoom: true } && Fits(told);
        var tokens = fits ? told.Tokens : 0;
        var forCharges = !told.IsDegraded && RoomFor(told, pays: true) < tokens;
        if (fits)
            foreach (var limit in told.Limits)
            {
                if (!forCharges) limit.Paying.Spend(told.At, told.Tokens);
                limit.Ideal.Spend(told.At, told.Tokens);
                limit.Ideal.Refused += told.Tokens;
            }
        _count = _count with
        {
            Requests = _count.Requests + 1,
            Refused = _count.Refused + 1,
            Early = _count.Early + (fits ? 1 : 0),
            EarlyTokens = _count.EarlyTokens + tokens,
            AdmissibleTokens = _count.AdmissibleTokens + tokens,
            ShareTokens = _count.ShareTokens + (told.IsDegraded ? tokens : 0),
            ChargeTokens = _count.ChargeTokens + (forCharges ? tokens : 0),
        };
    }

    // No more than was refused early by the limits that had no room: they have none now. What is beyond that, admitted
    // without a bucket say, makes up for nothing.
    private long MakeUp(in Told told, long made)
    {
        made = Math.Min(made, _count.EarlyTokens - _count.MadeUpTokens);
        if (made == 0) return 0;
        foreach (var limit in told.Limits)
            if (Room(limit, limit.Ideal, told.At) <= 0) made = Math.Min(made, limit.Ideal.Refused);
        foreach (var limit in told.Limits)
            if (Room(limit, limit.Ideal, told.At) <= 0) limit.Ideal.Refused -= made;
        return made;
    }

    // At most what is asked for.
    private static long RoomFor(in Told told, bool pays = false)
    {
        var room = told.Tokens;
        foreach (var limit in told.Limits)
            room = Math.Min(room, Room(limit, pays ? limit.Paying : limit.Ideal, told.At));
        return Math.Max(0, room);
    }

    private static bool Fits(in Told told) => RoomFor(told) == told.Tokens;

    private static long Room(LimitAccount limit, IdealLimit ideal, Instant at)
    {
        var number = limit.Numbers.At(at);
        var room = ideal.RoomAt(at, number);
        return number == Schedule.Unlimited ? long.MaxValue : room;
    }

    private enum Fate
    {
        Admitted,
        UnderWay,
        Denied,
        Corrected,
    }

    private readonly record struct Told(Instant At, long Tokens, LimitAccount[] Limits, Fate Fate)
    {
        public Instant SpentAt { get; init; }

        public Arrival? Arrival { get; init; }

        public bool IsDegraded { get; init; }
    }

    // Found when a request arrived that was denied later.
    private sealed class Arrival
    {
        public bool LackedRoom { get; set; }
    }
}
