using System.Runtime.InteropServices;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Simulation.Auditing;

namespace Limiter.Processes.Tests.Logs;

/// <summary>Hands a log to the auditor, which knows nothing of the processes that answered.</summary>
/// <param name="policy">What they served.</param>
/// <param name="dating">By which time to judge.</param>
/// <param name="lifetimeMs">Longest lifetime of their leases.</param>
internal sealed class LogAudit(Policy policy, Dating dating, long lifetimeMs)
{
    /// <summary>
    /// By the client's time a sliding window is shorter by this, so that admissions that took no longer and were
    /// answered within it are certainly within the true one; slower answers are not counted.
    /// </summary>
    private const long SlowestMs = 500;

    private readonly Auditor _auditor = new(new Allowance(lifetimeMs));
    private readonly Dictionary<string, LimitAccount[]> _accounts = [];
    private readonly HashSet<int> _edges = [];

    /// <param name="tenant">A tenant without numbers of its own.</param>
    /// <param name="plan">Its plan.</param>
    public void Open(string tenant, string plan)
    {
        TenantId.TryParse(tenant, out var id).ShouldBeTrue(tenant);
        var bucket = new BucketId(Partition.Tenant, id, "");
        var numbers = policy.FindPlan(plan).ShouldNotBeNull().Numbers;
        _accounts[tenant] =
        [
            .. from limit in policy.Limits
               let number = numbers[limit.Index] ?? limit.Number
               where number is not null and not Schedule.Unlimited
               where dating != Dating.ToldReset || CountsByWindow(limit.Rule)
               select _auditor.Open(bucket, Judged(limit.Rule), number.Value),
        ];
    }

    public void Read(IEnumerable<LoggedAnswer> answers)
    {
        foreach (var answer in answers.OrderBy(answer => answer.Received))
        {
            var limits = _accounts[answer.Tenant];
            if (_edges.Add(answer.Edge)) _auditor.Gone(answer.Edge);
            if (answer.Fate == Fate.Allowed) Admit(answer, limits);
            else if (answer.Fate == Fate.Denied) _auditor.Deny(answer.Received, answer.Received, answer.Cost, limits);
            else if (answer.Fate == Fate.Lost) Lose(answer.Tenant, answer.Edge, answer.Received, answer.Cost);
        }
    }

    /// <summary>A process died with at most these tokens of a limit.</summary>
    public void Lose(string tenant, string limit, int edge, Instant expiry, long tokens) =>
        Find(tenant, limit)?.Lose(edge, expiry, tokens);

    /// <summary>What a process says is left when all leases have ended.</summary>
    public void Left(string tenant, string limit, long tokens)
    {
        if (Find(tenant, limit) is { } account) _auditor.Left(account, RealTime.Now, tokens, lifetimeMs);
    }

    public Verdict Conclude() => _auditor.Conclude();

    private void Admit(LoggedAnswer answer, LimitAccount[] limits)
    {
        // A log says nothing of grants: who admits is taken to have been granted.
        if (answer.Mode != DecisionMode.Degraded)
            foreach (var limit in limits) limit.Grant(answer.Edge, answer.Cost);
        var spendings = limits.Select(limit => Date(answer, limit)).OfType<Spending>().ToList();
        var admission = new Admission(null, answer.Edge, answer.Cost, answer.Mode, answer.Received);
        _auditor.Admit(admission, CollectionsMarshal.AsSpan(spendings));
    }

    // Null: not certainly in any window.
    private Spending? Date(LoggedAnswer answer, LimitAccount limit)
    {
        var (sent, received) = (answer.Sent, answer.Received);
        switch (dating)
        {
            case Dating.ToldReset:
                return new Spending(limit, answer.Resets[limit.Rule.Id.Name] + -1);
            case Dating.Bucket:
                // An edge dates what it spends from a lease as late as it can have been, at most at the lease's expiry.
                return new Spending(limit, answer.SpentAt, sent, received + lifetimeMs);
            case Dating.Client when limit.Rule.Algorithm == Algorithm.TokenBucket:
                return new Spending(limit, received, sent, received);
            case Dating.Client when limit.Rule.Algorithm == Algorithm.SlidingWindow:
                return received - sent <= SlowestMs ? new Spending(limit, received) : null;
            default:
                return AreInOneWindow(limit.Rule, sent, received) ? new Spending(limit, received) : null;
        }
    }

    private LimitRule Judged(LimitRule rule) =>
        dating == Dating.Client && rule.Algorithm == Algorithm.SlidingWindow
            ? LimitRule.Sliding(rule.Id, rule.WindowMs - SlowestMs)
            : rule;

    private void Lose(string tenant, int edge, Instant at, long tokens)
    {
        foreach (var account in _accounts[tenant]) account.Lose(edge, at + lifetimeMs, tokens);
    }

    private LimitAccount? Find(string tenant, string limit) =>
        Array.Find(_accounts[tenant], account => account.Rule.Id.Name == limit);

    private static bool CountsByWindow(LimitRule rule) =>
        rule.Algorithm is Algorithm.FixedWindow or Algorithm.CalendarQuota;

    private static bool AreInOneWindow(LimitRule rule, Instant first, Instant last) =>
        rule.Algorithm == Algorithm.FixedWindow
            ? first.UnixMilliseconds / rule.WindowMs == last.UnixMilliseconds / rule.WindowMs
            : first.ToDateTimeOffset().UtcDateTime.Date == last.ToDateTimeOffset().UtcDateTime.Date;
}
