using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Limiter.Server.Commands.WhatIf;

/// <summary>Replays one tenant's minutes, in their order, against the proposed policy.</summary>
internal sealed class TenantReplay
{
    private readonly RecordedRule _rules;
    private readonly ReplayOptions _options;
    private ReplayBuckets? _buckets;
    private readonly LimitedBy[] _limits;
    private readonly Dictionary<string, LimitedBy> _byName;

    /// <param name="policy">The proposed policy.</param>
    /// <param name="rules">Its rules, found by what was counted.</param>
    /// <param name="tenant">The tenant as it is today.</param>
    /// <param name="options">What is assumed.</param>
    public TenantReplay(Policy policy, RecordedRule rules, TenantRecord tenant, ReplayOptions options)
    {
        (_rules, _options, Tenant) = (rules, options, tenant);
        _limits = [.. policy.Limits.Select(limit => new LimitedBy(limit.Name))];
        _byName = _limits.ToDictionary(limit => limit.Limit);
        if (policy.FindPlan(tenant.Plan) is { } plan) _buckets = new ReplayBuckets(policy, plan, tenant);
        LosesPlan = _buckets is null;
    }

    public TenantRecord Tenant { get; }

    /// <summary>The proposed policy does not have the tenant's plan: all of its requests would be refused.</summary>
    public bool LosesPlan { get; }

    /// <summary>Checks that were replayed.</summary>
    public long Checks { get; private set; }

    /// <summary>Checks that would have been denied, each once however many limits deny it.</summary>
    public long Denied { get; private set; }

    /// <summary>Checks that were denied in fact.</summary>
    public long DeniedThen { get; private set; }

    /// <summary>Whether the proposed policy would have denied more of its checks than were denied in fact.</summary>
    public bool IsNewlyLimited => Denied > DeniedThen || (LosesPlan && Checks > 0);

    /// <summary>The limits that would have denied something.</summary>
    public IEnumerable<LimitedBy> Limits => _limits.Where(limit => limit.Checks > 0);

    /// <param name="minute">Its start; after that of the call before.</param>
    /// <param name="sheet">All that was counted in it.</param>
    /// <param name="cancellation">Looked at now and then.</param>
    public void Add(Instant minute, UsageSheet sheet, CancellationToken cancellation)
    {
        var due = new PriorityQueue<(ReplayedChecks Line, long Index), (Instant At, int Order)>();
        var lines = new List<ReplayedChecks>();
        foreach (var line in sheet.Lines)
        {
            Remember(line);
            var rule = _rules.Of(line.Subject);
            var checks = new ReplayedChecks(minute, line, rule, _options);
            Checks += checks.Count;
            if (_buckets is null || rule.IsExempt || checks.Count == 0) continue;
            due.Enqueue((checks, 0), (checks.At(0), lines.Count));
            lines.Add(checks);
        }
        while (due.TryDequeue(out var next, out var place))
        {
            Decide(next.Line, next.Index, place.At, minute);
            if (next.Index + 1 < next.Line.Count)
                due.Enqueue((next.Line, next.Index + 1), (next.Line.At(next.Index + 1), place.Order));
            if (next.Index % 4_096 == 0) cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Nothing more comes: the result is kept, the buckets are not.</summary>
    public void End() => _buckets = null;

    private void Decide(ReplayedChecks line, long index, Instant at, Instant minute)
    {
        var denied = _buckets!.Decide(line.Rule, line.Key, line.CostOf(index), at);
        if (denied == 0) return;
        Denied++;
        for (var limit = 0; limit < _limits.Length; limit++)
            if ((denied & (1u << limit)) != 0) _limits[limit].Add(minute);
    }

    private void Remember(UsageLine line)
    {
        DeniedThen += line.Counts.Denied;
        foreach (var by in line.DeniedBy)
            if (_byName.TryGetValue(by.Limit, out var limit)) limit.DeniedThen += by.Checks;
    }
}
