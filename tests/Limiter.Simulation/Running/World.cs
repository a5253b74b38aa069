using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;
using Limiter.Simulation.Auditing;
using Limiter.Simulation.Edges;
using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Tenants;
using Limiter.Simulation.Time;
using Limiter.Simulation.Traffic;

namespace Limiter.Simulation.Running;

/// <summary>One seed, one world: the real domain and engine among simulated clocks, ways, hosts and callers.</summary>
internal sealed class World
{
    // After the last check: everything that is under way arrives, everything that is owed is told.
    private const long QuietMs = 240_000;

    /// <summary>A world in which less happened shows little.</summary>
    public const long ChecksMin = 10_000;

    private const int PartsMax = 20;

    // What an edge waits for, at the most, between two saves, and how often it may fail to.
    private const long SaveEveryMs = 60_000;
    private const int SavesMax = 10;

    // The round trip that an edge waits for, by which its idea of the bucket's time can be late.
    private const long RoundTripMs = 600;

    private readonly Scenario _scenario;
    private readonly ulong _seed;
    private readonly Pump _pump;
    private readonly Auditor _auditor;
    private readonly Cluster _cluster;
    private readonly Network _network;
    private readonly Accounts _accounts;
    private readonly Losses _losses;
    private readonly Witness _witness;
    private readonly Counting _counting;
    private readonly Fleet _fleet;
    private readonly Troubles _troubles;
    private readonly Clientele _clientele;
    private readonly Sender _sender;
    private readonly Load _load;

    /// <param name="scenario">What kind of world.</param>
    /// <param name="seed">Which of that kind.</param>
    /// <param name="write">Told the timeline; null for none.</param>
    /// <param name="broken">Stands in for a part of the product; null for the real one.</param>
    public World(Scenario scenario, ulong seed, Action<string>? write = null, Breakage? broken = null)
    {
        (_scenario, _seed) = (scenario, seed);
        var dice = new Dice(seed);
        var plan = scenario.Plan(dice);
        if (broken?.Replan is { } replan) plan = replan(plan);
        var policy = PolicyLibrary.Find(plan.Policy);
        _pump = new Pump(StartingAt(dice));
        var timeline = new Timeline(_pump, write);
        _auditor = new Auditor(AllowanceOf(plan));
        _clientele = new Clientele(_pump, dice.Fork(), policy, plan, timeline, _auditor);
        _cluster = new Cluster(
            plan.Hosts, _pump, dice.Fork(), plan.Store, timeline, broken?.NewRule?.Invoke() ?? BucketRule.Real);
        var departures = new Departures(_pump);
        _network = new Network(_pump, dice.Fork(), plan.Network, departures);
        _accounts = new Accounts(_pump, policy, _auditor, _cluster, _clientele, plan.KnownWithinMs);
        _clientele.Changed = _accounts.Refresh;
        _losses = new Losses(_auditor, _accounts);
        _witness = new Witness(_pump, _auditor, _accounts, _cluster, _losses, timeline, Fleet.DriftMarginPpm);
        _counting = new Counting(
            _pump, new Dice(~seed), policy, _cluster, _clientele, _accounts, _auditor, broken);
        var wiring = new Wiring(
            _pump, plan, _cluster, _network, departures, _clientele, _counting, _witness, timeline);
        _fleet = new Fleet(
            _pump, dice.Fork(), plan, new PolicyInForce(policy, 1), wiring, _witness, _losses, _counting, timeline,
            broken);
        _troubles = new Troubles(_pump, dice.Fork(), plan, _fleet, _cluster, _network, _losses, timeline);
        var book = new CallBook(policy, _accounts, _counting.Anonymous);
        _sender = new Sender(_pump, dice.Fork(), plan, _fleet, book.TakesCosts);
        _witness.Admitted = _sender.Admitted;
        _load = new Load(_pump, dice.Fork(), plan, policy, book, _clientele, _sender);
    }

    public WorldResult Run()
    {
        var start = _pump.Now;
        _fleet.Start();
        _counting.Start();
        _troubles.Start();
        _load.Start();
        // Longer where machines sleep and clients find nobody.
        for (var part = 0; part < PartsMax && (part == 0 || _sender.Sent < ChecksMin); part++)
            _pump.RunUntil(_pump.Now + (_load.LengthMs * Pump.Millisecond));
        _load.End();
        _sender.End();
        _troubles.End();
        _clientele.End();
        _pump.RunUntil(Math.Max(_pump.Now, _troubles.CalmAt) + (QuietMs * Pump.Millisecond));
        // An edge whose save has failed again and again has counted all the same. One that never saves is found out.
        for (var tries = 0; tries < SavesMax && !_fleet.HasSavedUsage; tries++)
            _pump.RunUntil(_pump.Now + (SaveEveryMs * Pump.Millisecond));
        _losses.Conclude();
        foreach (var site in _cluster.Sites) Probe(site);
        _counting.Conclude();
        return new WorldResult(
            _scenario.Name, _seed, _auditor.Conclude(), _sender.Sent, _witness.Checks, _witness.Unreachable,
            _witness.Digest, [.. _witness.Failures, .. _counting.Failures], (_pump.Now - start) / Pump.Millisecond);
    }

    // What is left of each limit, as the bucket tells one who only looks.
    private void Probe(BucketSite site)
    {
        if (site.Saved is not { } saved || saved.Edges.Count >= BucketState.EdgesMax) return;
        var now = _cluster.TimeOf(site);
        foreach (var edge in saved.Edges) _witness.TellHeld(site, edge);
        var look = new ReserveRequest(new EdgeId(ulong.MaxValue), 1, 0, _clientele.TermsOf(site.Id), 0, [], [], []);
        var reply = Bucket.Reserve(saved, look, now).Reply;
        foreach (var (limit, told) in look.Terms.Limits.Zip(reply.Limits))
            if (told.Outlook.Number != Schedule.Unlimited && _accounts.FindSteady(site, limit.Rule) is { } account)
                _auditor.Left(
                    account, reply.Now, told.Outlook.RemainingAt(limit.Rule, reply.Now, 0), Lease.LifetimeMsMax);
    }

    // Shortly before midnight, and the end of a month at that, every other time.
    private static long StartingAt(Dice dice)
    {
        var date = DateTime.Parse("2026-01-31T23:55:00Z", CultureInfo.InvariantCulture).ToUniversalTime();
        return date.Ticks + (dice.Between(-300_000, 300_000) * Pump.Millisecond)
            - (dice.Chance(500_000) ? 0 : dice.Between(3_600_000, 30L * 86_400_000) * Pump.Millisecond);
    }

    private static Allowance AllowanceOf(WorldPlan plan) => new(
        Lease.LifetimeMsMax,
        plan.KnownWithinMs,
        plan.Store.SkewMs,
        ToldWithinMs: RoundTripMs);
}
