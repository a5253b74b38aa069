using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// Keeps its own account of a world, from what was admitted alone, and says which promises were broken. It knows
/// nothing of how Limiter counts. Told everything in the order of true time; not thread-safe.
/// </summary>
public sealed class Auditor(Allowance allowance)
{
    /// <summary>Most requests with an id of their own.</summary>
    public const int RequestIdsMax = 4_000_000;

    private readonly List<LimitAccount> _limits = [];
    private readonly List<TenantAccount> _tenants = [];
    private readonly Dictionary<(int Edge, ulong RequestId), ulong> _answered = [];
    // Of requests with an id: an edge may answer with what its earlier life admitted.
    private readonly HashSet<ulong> _checkIds = [];
    private readonly HashSet<int> _edgesGone = [];
    private readonly HashSet<int> _uncounted = [];
    private readonly FindingList _findings = new();
    private readonly IdealLimiter _ideal = new(allowance.ToldWithinMs);
    private TimeSlack _slack;
    private long _degraded;

    /// <summary>What was refused so far.</summary>
    public RefusalCount Refusals => _ideal.Count;

    /// <summary>Broken promises so far; most are only found by <see cref="Conclude"/>.</summary>
    public int FindingsTotal => _findings.Count;

    public TenantAccount Open(TenantId tenant)
    {
        var account = new TenantAccount(tenant);
        _tenants.Add(account);
        return account;
    }

    /// <summary>Begins the account of one limit of one bucket; also where a limit's rule changes.</summary>
    public LimitAccount Open(BucketId bucket, LimitRule rule, long number)
    {
        var account = new LimitAccount(bucket, rule, number, allowance, _ideal);
        _limits.Add(account);
        return account;
    }

    /// <summary>A request was let through, or a repeated one was answered as before.</summary>
    public void Admit(in Admission admission, ReadOnlySpan<Spending> spendings) =>
        Admit(admission, spendings, LimitsOf(spendings));

    /// <param name="admission">What was let through.</param>
    /// <param name="spendings">What it spent.</param>
    /// <param name="limits">Their limits, in the same order; not to be changed afterwards.</param>
    /// <returns>False for a repetition, which counts no more.</returns>
    internal bool Admit(in Admission admission, ReadOnlySpan<Spending> spendings, LimitAccount[] limits)
    {
        if (IsRepetition(admission)) return false;
        admission.Tenant?.Admit(admission.Edge, admission.Cost);
        _ideal.Admit(admission.DecidedAt, admission.Cost, limits, admission.Mode == DecisionMode.Degraded);
        if (admission.Mode == DecisionMode.Degraded) _degraded += admission.Cost;
        if (admission.Cost == 0) return true;
        foreach (ref readonly var spending in spendings)
            if (admission.Mode == DecisionMode.Degraded)
                spending.Limit.Degrade(admission.Edge, admission.At, admission.Cost);
            else Spend(admission, spending);
        return true;
    }

    /// <summary>A request was denied for want of tokens.</summary>
    /// <param name="arrivedAt">The true time at which it came to its edge.</param>
    /// <param name="decidedAt">The true time of the decision: the bucket's where it was asked.</param>
    /// <param name="cost">Its cost.</param>
    /// <param name="limits">All that would have counted it.</param>
    /// <param name="isDegraded">
    /// Whether the policy decided, by a share of the limit, since no bucket could be reached.
    /// </param>
    public void Deny(Instant arrivedAt, Instant decidedAt, long cost, LimitAccount[] limits, bool isDegraded = false) =>
        _ideal.Deny(arrivedAt, decidedAt, cost, limits, isDegraded);

    /// <summary>What a bucket had of a limit before and after it denied a request, taken or left.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="before">Tokens, after what the request reported was booked.</param>
    /// <param name="after">Tokens afterwards.</param>
    public void Denied(LimitAccount limit, long before, long after)
    {
        if (after != before)
            _findings.Add(FindingKind.DenialChanged, $"{limit}: {before} before a denial, {after} after it.");
    }

    /// <summary>An edge ended without a last word: what it owes is lost with it.</summary>
    public void Gone(int edge) => _edgesGone.Add(edge);

    /// <summary>An edge ended before it had saved all that it counted.</summary>
    public void Uncounted(int edge) => _uncounted.Add(edge);

    /// <summary>
    /// What was rolled up for a tenant, all edges and keys together: all that was admitted, but for what edges took
    /// with them.
    /// </summary>
    public void RolledUp(TenantAccount tenant, long requests, long tokens)
    {
        var range = tenant.Countable(_uncounted);
        if (range.Holds(requests, tokens)) return;
        _findings.Add(
            FindingKind.WrongUsage,
            $"{tenant.Tenant}: {requests} requests of {tokens} tokens were rolled up, {range.RequestsMin} to "
            + $"{range.RequestsMax} of {range.TokensMin} to {range.TokensMax} can have been counted.");
    }

    /// <summary>
    /// What buckets say was charged on some days: all that was admitted on a grant or charged after the fact, and at
    /// most what was lost in leases besides. A day of which nothing was counted is not among them.
    /// </summary>
    /// <param name="tenant">Whose buckets.</param>
    /// <param name="days">The starts of the days.</param>
    /// <param name="charged">Tokens.</param>
    /// <param name="counts">The buckets' counts of days.</param>
    public void DaysClosed(
        TenantAccount tenant, IReadOnlySet<Instant> days, long charged, IEnumerable<LimitAccount> counts)
    {
        var (taken, lost) = (0L, 0L);
        foreach (var count in counts)
        {
            var sum = DaySum.Of(count, days);
            (taken, lost) = (taken + sum.Taken, lost + sum.Lost);
        }
        if (charged < taken || charged > taken + lost)
            _findings.Add(
                FindingKind.WrongUsage,
                $"{tenant.Tenant}: {charged} tokens were charged on {days.Count} days, {taken} were admitted or "
                + $"charged after the fact, {lost} were lost.");
    }

    /// <summary>What a bucket says is left, once all is quiet and every lease has ended.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="at">The bucket's time.</param>
    /// <param name="left">Tokens that it would grant.</param>
    /// <param name="lateMs">By how much reports may have rounded up times of spending.</param>
    public void Left(LimitAccount limit, Instant at, long left, long lateMs)
    {
        limit.Close();
        var least = new Remainder(limit, at, lateMs, allowance.KnownWithinMs).Least();
        if (left < least)
            _findings.Add(FindingKind.NotBack, $"{limit}: {left} left at {at}, at least {least} should be.");
    }

    /// <summary>Ends the account: everything that was admitted is judged.</summary>
    public Verdict Conclude()
    {
        foreach (var limit in _limits)
        {
            limit.Close();
            Judge(limit);
            JudgeOwed(limit);
        }
        return new Verdict(_findings.Kept, _findings.Count, _ideal.Count, _slack, _degraded);
    }

    private static LimitAccount[] LimitsOf(ReadOnlySpan<Spending> spendings)
    {
        var limits = new LimitAccount[spendings.Length];
        for (var i = 0; i < limits.Length; i++) limits[i] = spendings[i].Limit;
        return limits;
    }

    private bool IsRepetition(in Admission admission)
    {
        if (admission.RequestId == 0) return false;
        var key = (admission.Edge, admission.RequestId);
        if (_answered.Count >= RequestIdsMax) throw new InvalidOperationException("Too many requests have ids.");
        if (_answered.TryAdd(key, admission.CheckId)) return !_checkIds.Add(admission.CheckId);
        if (_answered[key] == admission.CheckId) return true;
        _findings.Add(
            FindingKind.CountedTwice,
            $"request {admission.RequestId} was admitted twice by edge {admission.Edge}, at last at {admission.At}.");
        return false;
    }

    private void Spend(in Admission admission, in Spending spending)
    {
        var (limit, at) = (spending.Limit, spending.At);
        limit.Spend(spending, admission.Cost, admission.Edge);
        _slack = _slack.With(at - admission.At);
        if (at < spending.NotBefore || at > spending.NotAfter)
            _findings.Add(
                FindingKind.WrongTime,
                $"{limit}: edge {admission.Edge} dated an admission {at}, "
                + $"it was between {spending.NotBefore} and {spending.NotAfter}.");
        ref var edge = ref limit.Edge(admission.Edge);
        edge.Admitted += admission.Cost;
        if (edge.Admitted > edge.Granted)
            _findings.Add(
                FindingKind.Ungranted,
                $"{limit}: edge {admission.Edge} admitted {edge.Admitted} until {at}, "
                + $"{edge.Granted} were granted to it.");
    }

    private void Judge(LimitAccount limit)
    {
        switch (limit.Rule.Algorithm)
        {
            case Algorithm.SlidingWindow:
                new SlidingJudge(limit, allowance, _findings).Judge();
                break;
            case Algorithm.TokenBucket:
                new TokenJudge(limit, allowance, _findings).Judge();
                break;
            default:
                new WindowJudge(limit, allowance, _findings).Judge();
                break;
        }
    }

    private void JudgeOwed(LimitAccount limit)
    {
        for (var edge = 0; edge < limit.Edges.Length; edge++)
        {
            if (limit.Edges[edge].Owed?.Misdated is var (admittedAt, chargedTo))
                _findings.Add(
                    FindingKind.WrongTime,
                    $"{limit}: what edge {edge} admitted without a bucket at {admittedAt} was charged to {chargedTo}.");
            var (owed, charged) = (limit.Edges[edge].Degraded, limit.Edges[edge].Recovered);
            if (charged == owed || (charged < owed && _edgesGone.Contains(edge))) continue;
            _findings.Add(
                charged > owed ? FindingKind.OwedOvercharged : FindingKind.OwedNotCharged,
                $"{limit}: edge {edge} admitted {owed} without a bucket, {charged} were charged.");
        }
    }
}
