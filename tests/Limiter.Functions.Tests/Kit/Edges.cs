using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Engine.Usage;
using Limiter.Functions.Entities;
using Limiter.Functions.Host.Entities;

namespace Limiter.Functions.Tests.Kit;

/// <summary>Edges over the same entities, by one clock that the test moves.</summary>
internal sealed class Edges : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Policy _policy;
    private readonly InMemoryDirectory _directory = new();
    private readonly EntityRoom _room;
    private readonly LeaseOptions _options = new() { DriftPpm = 250, WaitLimit = DurableBuckets.WaitMax };
    private readonly List<Checker> _checkers = [];
    private readonly List<UsageTally> _tallies = [];
    private readonly IUsageStore _usage;
    private ulong _started;

    /// <param name="usage">Makes what is counted by the edges' clock; null: this process's memory.</param>
    public Edges(
        Policy policy, int count, Delivery delivery, long? leaseMs = null,
        Func<TimeProvider, IUsageStore>? usage = null)
    {
        _policy = policy;
        _usage = usage?.Invoke(Clock) ?? new InMemoryUsage(Clock);
        if (leaseMs is { } lifetime) _options = _options with { LifetimeMs = lifetime };
        _room = EntityRoom.Open(Clock, delivery);
        while (count-- > 0) Open(_checkers.Count);
    }

    public ManualClock Clock { get; } = new(Start);

    public Instant Now => Instant.From(Clock.GetUtcNow());

    public EntityHost Host => _room.Host;

    public DurableBuckets Buckets => _room.Buckets;

    public int Count => _checkers.Count;

    public IUsageStore Usage => _usage;

    public UsageRoller Roller => new(_usage, Buckets, _directory, () => _policy, Clock);

    public async Task RegisterAsync(string tenant, string plan)
    {
        TenantId.TryParse(tenant, out var id).ShouldBeTrue();
        (await _directory.SaveTenantAsync(
            new TenantRecord(
                id, plan, 0, Now, ImmutableDictionary<LimitId, long>.Empty,
                ImmutableDictionary<LimitId, Adjustment>.Empty),
            null, default)).ShouldNotBeNull();
    }

    public async Task<Decision> CheckAsync(int edge, string tenant, long? cost = null)
    {
        var decision = new Decision();
        await TryCheck(edge, tenant, decision, cost);
        return decision;
    }

    /// <summary>Completes at once when no bucket has to be asked.</summary>
    public Task TryCheck(int edge, string tenant, Decision decision, long? cost = null)
    {
        var check = new Check { Tenant = tenant, Method = "GET", Path = "/things", Cost = cost };
        return _checkers[edge].CheckAsync(check, decision, default).AsTask();
    }

    /// <summary>The process dies with what it holds and has not saved, and another one takes its place.</summary>
    public async Task CrashAsync(int edge)
    {
        await _checkers[edge].DisposeAsync();
        await _tallies[edge].DisposeAsync();
        Open(edge);
    }

    /// <summary>The process gives back what it holds.</summary>
    public async ValueTask CloseAsync(int edge)
    {
        await _checkers[edge].CloseAsync(default);
        await _tallies[edge].CloseAsync(default);
    }

    /// <summary>Completes when no edge is asking.</summary>
    public async Task QuietAsync()
    {
        while (_checkers.Exists(checker => checker.IsAsking) || _tallies.Exists(tally => tally.IsSaving))
            await Task.Yield();
    }

    public async Task AdvanceAsync(TimeSpan by)
    {
        await QuietAsync();
        Clock.Advance(by);
        await QuietAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var checker in _checkers) await checker.DisposeAsync();
        foreach (var tally in _tallies) await tally.DisposeAsync();
    }

    private void Open(int edge)
    {
        var id = new EdgeId(++_started);
        var tally = new UsageTally(id, _usage, Clock);
        var checker = new Checker(
            new PolicyInForce(_policy, 1), id, _directory, _room.Buckets, Clock, _options, usage: tally);
        if (edge == _checkers.Count)
        {
            _checkers.Add(checker);
            _tallies.Add(tally);
        }
        (_checkers[edge], _tallies[edge]) = (checker, tally);
    }
}
