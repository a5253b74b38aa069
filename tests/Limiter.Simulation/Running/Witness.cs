using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;
using Limiter.Simulation.Edges;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Time;
using Limiter.Simulation.Traffic;

namespace Limiter.Simulation.Running;

/// <summary>Tells the auditor, and whoever replays, what happened in a world.</summary>
internal sealed class Witness(
    Pump pump, Auditor auditor, Accounts accounts, Cluster cluster, Losses losses, Timeline timeline,
    long driftPpm)
    : IEdgeWitness, ICheckWitness
{
    // One denial in so many is decided again without its wants, to see that it changed nothing.
    private const int DenialsPerLook = 16;

    private readonly Dictionary<EdgeId, int> _edges = [];
    private readonly Spending[] _spendings = new Spending[64];
    private readonly List<string> _failures = [];
    // Of the admissions that are to be corrected.
    private readonly Dictionary<(ulong CheckId, LimitAccount Limit), Instant> _dates = [];

    // Checks that were admitted and are to be corrected; what is corrected besides was never admitted.
    private readonly HashSet<ulong> _admitted = [];

    // When each bucket began to count, by its own time.
    private readonly Dictionary<BucketSite, Instant> _began = [];

    private long _denials;

    /// <summary>Told of each admission; true when its client is to correct its cost.</summary>
    public Func<SimulatedEdge, Call, Decision, bool> Admitted { get; set; } = static (_, _, _) => false;

    /// <summary>Checks that were answered.</summary>
    public long Checks { get; private set; }

    /// <summary>Checks that were refused because their bucket could not be reached.</summary>
    public long Unreachable { get; private set; }

    /// <summary>Differs when anything else was decided, at any other time.</summary>
    public ulong Digest { get; private set; } = 14695981039346656037;

    /// <summary>Exceptions that escaped from a check.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public void Started(SimulatedEdge edge) => _edges.Add(edge.Id, edge.Number);

    public long Now => pump.Now;

    public void Decided(SimulatedEdge edge, Call call, ulong requestId, Decision decision, long arrived)
    {
        Checks++;
        Mix((ulong)pump.Now, ((ulong)decision.Outcome << 8) | (ulong)decision.Mode | ((ulong)decision.Cost << 16));
        Mix((ulong)decision.SpentAt.UnixMilliseconds, (ulong)edge.Number);
        if (timeline.IsOn) Tell(edge, call, decision);
        var decidedAt = Pump.TimeOf(DecidedAt(edge, call, decision, arrived));
        if (decision.Outcome == Outcome.Allowed) Admit(edge, call, requestId, decision, decidedAt);
        else if (decision.Refusal is Refusal.None or Refusal.CostAboveLimit)
            auditor.Deny(
                Pump.TimeOf(arrived), decidedAt, decision.Cost, call.Accounts,
                isDegraded: decision.Mode == DecisionMode.Degraded);
        else if (decision.Refusal == Refusal.Unreachable) Unreachable++;
        else Fail($"edge {edge.Number} refused {call.Check.Method} {call.Check.Path}: {decision.Refusal}");
    }

    public void Failed(EdgeId edge, Exception failure) => Fail($"edge {_edges[edge]}: {failure}");

    public void Received(BucketSite site, ReserveRequest request, ReserveReply reply)
    {
        var edge = _edges[request.Edge];
        losses.Received(site, request, reply);
        for (var i = 0; i < reply.Limits.Length; i++)
            if (reply.Limits[i].Granted > 0)
                accounts.Find(site, request.Terms.Limits[i].Rule.Id)?.Grant(edge, reply.Limits[i].Granted);
        if (timeline.IsOn)
            timeline.Add(
                $"edge {edge} <- {site.Id}: {reply.Outcome} {Granted(request, reply)} for {reply.DurationMs} ms");
    }

    public void Reserved(
        BucketSite site, ReserveRequest request, ReserveReply reply, BucketState? before, BucketState after, Instant at)
    {
        if (timeline.IsOn)
            timeline.Add($"{site.Id} at {reply.Now}: {reply.Outcome} to edge {_edges[request.Edge]} for "
                + $"{request.Number} after {request.LastReceived}, {Granted(request, reply)}{Told(request)}");
        if (before is null) _began.TryAdd(site, reply.Now);
        if (!ReferenceEquals(before, after)) losses.Granted(site, request, reply, _edges[request.Edge]);
        if (before is not null && !ReferenceEquals(before, after))
            losses.MadeRoom(site, before, after, _edges);
        if (!ReferenceEquals(before, after) && !request.Owed.IsEmpty)
            Recovery.Tell(accounts, losses, site, request, before, after, _edges[request.Edge]);
        if (reply.Outcome is ReserveOutcome.Denied or ReserveOutcome.Never && ++_denials % DenialsPerLook == 0)
            LookAtDenial(site, request, reply, before, at);
    }

    public void Charged(BucketSite site, ChargeRequest request, Instant at)
    {
        timeline.Add($"{site.Id} corrects a cost from {request.Cost} to {request.TrueCost}");
        if (!_admitted.Contains(request.Id))
        {
            losses.GaveBack(site, request.SpentAt);
            return;
        }
        // Nothing goes back of what was admitted without a grant.
        if (request.TrueCost == request.Cost) return;
        foreach (var limit in request.Limits)
        {
            if (accounts.Find(site, limit) is not { } account) continue;
            // Several buckets are told the earliest of their times: each account has its own.
            var spentAt = _dates.TryGetValue((request.Id, account), out var date) ? date : request.SpentAt;
            account.Correct(spentAt, at, request.TrueCost - request.Cost);
            if (request.TrueCost < request.Cost && !Knows(site, account, request.SpentAt, spentAt))
                account.Lose(0, spentAt, request.Cost - request.TrueCost);
        }
    }

    // Of several buckets whose hosts disagree about the time, one may have begun to count, or its window may have
    // begun, after the time that the correction names: what it counted before is not its to give back.
    private bool Knows(BucketSite site, LimitAccount account, Instant named, Instant spentAt) =>
        _began.TryGetValue(site, out var began) && named >= began
        && (account.Rule.Algorithm is Algorithm.SlidingWindow or Algorithm.TokenBucket
            || CountedWindow.Of(account.Rule, named) == CountedWindow.Of(account.Rule, spentAt));

    /// <summary>What an edge still holds of a bucket, as that knows it.</summary>
    public void TellHeld(BucketSite site, EdgeEntry edge)
    {
        if (!timeline.IsOn) return;
        foreach (var lease in new[] { edge.Open, edge.Ended }.OfType<Lease>())
        {
            var held = string.Join(' ', lease.Holdings.Select(holding => holding.Tokens));
            timeline.Add($"{site.Id}: edge {_edges[edge.Edge]} holds {held} until {lease.Expiry}");
        }
    }

    private void Admit(SimulatedEdge edge, Call call, ulong requestId, Decision decision, Instant decidedAt)
    {
        var count = 0;
        foreach (var part in call.Parts)
        {
            var (at, notBefore, notAfter) = Dated(edge, call, part, decision);
            foreach (var account in part.Accounts)
                _spendings[count++] = new Spending(account, at, notBefore, notAfter);
        }
        var admission = new Admission(
            call.Usage, edge.Number, decision.Cost, decision.Mode, pump.TrueTime, requestId,
            decision.CheckId)
        { DecidedAt = decidedAt };
        var isNew = auditor.Admit(admission, _spendings.AsSpan(0, count), call.Accounts);
        if (isNew && decision.Mode == DecisionMode.Exact)
            foreach (var part in call.Parts)
                if (edge.Anchors.Of(part.Site) is { IsExact: true } anchor)
                    losses.Spent(edge.Id, part.Site, call.Parts.Length > 1 ? anchor.Shown : decision.SpentAt);
        if (!Admitted(edge, call, decision)) return;
        _admitted.Add(decision.CheckId);
        // A repetition is told long after the spending: the leases that it was dated by may be others.
        if (!isNew) return;
        foreach (ref readonly var spending in _spendings.AsSpan(0, count))
            _dates[(decision.CheckId, spending.Limit)] = spending.At;
    }

    // Where buckets were asked, the last of them decided, but not before the request came; otherwise the edge did, now.
    private long DecidedAt(SimulatedEdge edge, Call call, Decision decision, long arrived)
    {
        if (decision.Mode != DecisionMode.Exact) return pump.Now;
        var decided = arrived;
        foreach (var part in call.Parts)
            decided = Math.Max(decided, edge.Anchors.Of(part.Site).DecidedAt);
        return Math.Min(decided, pump.Now);
    }

    // A decision over several buckets tells the earliest of their times only; each follows from what the edge knows.
    private (Instant At, Instant NotBefore, Instant NotAfter) Dated(
        SimulatedEdge edge, Call call, Part part, Decision decision)
    {
        var anchor = edge.Anchors.Of(part.Site);
        var at = decision.SpentAt;
        if (call.Parts.Length > 1 && decision.Mode != DecisionMode.Degraded)
            at = anchor.IsExact ? anchor.Shown : anchor.Latest(edge.Clock, driftPpm);
        var elapsed = decision.Mode == DecisionMode.Leased ? (pump.Now - anchor.DecidedAt) / Pump.Millisecond : 1;
        // No lease is spent from after its end, however much the hosts' clocks disagree.
        var (least, most) = (anchor.Shown + (elapsed - 1), Instant.Max(anchor.Shown, anchor.LeaseEnds));
        // The edge dates an admission as late as the bucket's clock can be. It is not later than that clock is.
        return at < least || at > most
            ? (at, least, most)
            : (Instant.Min(at, cluster.TimeOf(part.Site)), default, most);
    }

    private void LookAtDenial(
        BucketSite site, ReserveRequest request, ReserveReply reply, BucketState? before, Instant at)
    {
        // A rule that is broken on purpose may remember, and is not asked twice.
        if (before is null || cluster.Rule != BucketRule.Real || Bucket.Recall(before, request) is not null) return;
        var reported = Bucket.Reserve(before, request with { Wants = [] }, at).Reply;
        for (var i = 0; i < reply.Limits.Length; i++)
            if (accounts.Find(site, request.Terms.Limits[i].Rule.Id) is { } account)
                auditor.Denied(account, Left(account, reported, i), Left(account, reply, i));
    }

    private static long Left(LimitAccount account, ReserveReply reply, int position) =>
        reply.Limits[position].Outlook.RemainingAt(account.Rule, reply.Now, 0);

    private void Fail(string what)
    {
        if (_failures.Count < 10) _failures.Add($"{pump.TrueTime} {what}");
    }

    private void Mix(ulong first, ulong second)
    {
        unchecked
        {
            Digest = ((((Digest ^ first) * 1099511628211) ^ second) * 1099511628211) + 1;
        }
    }

    private void Tell(SimulatedEdge edge, Call call, Decision decision) => timeline.Add(
        $"edge {edge.Number} {call.Customer?.Id} {call.Check.Key} {call.Check.Method} {call.Check.Path} cost "
            + $"{decision.Cost}: {decision.Outcome} {decision.Mode} {decision.Refusal}, spent at {decision.SpentAt}");

    private static string Granted(ReserveRequest request, ReserveReply reply) => string.Join(
        ' ', reply.Limits.Select((limit, i) => $"{request.Terms.Limits[i].Rule.Id}+{limit.Granted}"));

    private static string Told(ReserveRequest request)
    {
        var reports = request.Reports.SelectMany(report => report.Limits)
            .Select(limit => $", {limit.Limit} spent {limit.Spends.Sum(spend => spend.Tokens)} returned "
                + $"{limit.Returned}");
        var owed = request.Owed.Select(item => $", {item.Limit} owed {item.Tokens}");
        return string.Concat(reports.Concat(owed)) + $", terms {request.Terms.Version}";
    }
}
