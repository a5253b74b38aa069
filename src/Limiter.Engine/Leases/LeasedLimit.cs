using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

/// <summary>
/// One limit as an edge holds it: what it may spend, and what it has yet to tell the bucket. A mutable value.
/// </summary>
internal struct LeasedLimit
{
    /// <summary>Tokens that the next requests may spend.</summary>
    public long Balance;

    /// <summary>Tokens set aside for a request that waits for others.</summary>
    public long Earmarked;

    /// <summary>Tokens spent and not yet known to be booked.</summary>
    public SpendLog Spent;

    /// <summary>Tokens given back and not yet known to be booked; never spent again.</summary>
    public long Returned;

    /// <summary>
    /// What was admitted without a grant, during an outage or of a shadow limit, and is not yet known to be charged.
    /// Null until there was any.
    /// </summary>
    public OwedLog? Owed;

    /// <summary>Tokens used since the last request, for the estimate of demand.</summary>
    public long Used;

    /// <summary>The book's count of spends at this limit's last.</summary>
    public long LastSpend;

    /// <summary>Estimate of demand, in tokens a lease's lifetime; at most <see cref="Schedule.NumberMax"/>.</summary>
    public int Demand;

    /// <summary>A balance below this asks for more ahead of time.</summary>
    public int RenewBelow;

    /// <summary>What the bucket had left when it answered last.</summary>
    public LimitOutlook Outlook;

    public readonly long OwedTokens => Owed?.Tokens ?? 0;

    public readonly bool HasReport => Spent.Total > 0 || Returned > 0;

    /// <summary>True when it is time to tell the bucket, before times of spending have to be rounded.</summary>
    public readonly bool IsLogLong(LimitRule rule) =>
        rule.Algorithm == Algorithm.TokenBucket && Spent.Count > SpendLog.EntriesMax * 3 / 4;

    public void Take(LimitRule rule, long cost, Instant at)
    {
        Balance -= cost;
        Book(rule, cost, at);
    }

    public void TakeEarmarked(LimitRule rule, long cost, Instant at)
    {
        Earmarked -= cost;
        Book(rule, cost, at);
    }

    /// <summary>Admits tokens without a grant.</summary>
    public void Owe(LimitRule rule, long cost, Instant at) => (Owed ??= new OwedLog()).Add(rule, cost, at);

    /// <summary>Gives back all that may still be spent.</summary>
    public void ReturnBalance() => Return(Balance);

    /// <summary>Gives back some of what may still be spent.</summary>
    public void Return(long tokens)
    {
        Returned += tokens;
        Balance -= tokens;
        // What changed the bucket otherwise, a refund say, may have filled it since: the next spending stands alone.
        Spent.Part();
    }

    /// <summary>Forgets what the bucket has booked.</summary>
    public void Drop(in ToldUse told)
    {
        Spent.Drop(told.Spent);
        // What it was put together with is booked now, and may be taken back.
        Spent.Part();
        Returned -= told.Returned;
        Owed?.Drop(told.Owed);
    }

    /// <summary>The lease is over: its spending and what was returned of it are told apart from what comes.</summary>
    public void StartAnew() => (Spent, Returned) = (default, 0);

    private void Book(LimitRule rule, long cost, Instant at)
    {
        Used += cost;
        if (rule.Algorithm == Algorithm.TokenBucket) Spent.AddRefilled(at, cost, Outlook.RateOf(rule), rule.WindowMs);
        else Spent.Add(at, cost, rule.Algorithm == Algorithm.SlidingWindow ? rule.SlotMs : 0);
        Outlook.Spend(rule, cost, at);
    }
}

/// <summary>What a request told a bucket of one limit's use, as totals.</summary>
internal readonly record struct ToldUse(long Spent, long Returned, long Owed);
