using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Alerts;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Kit;

/// <summary>Some edges over the same buckets and the same directory, by one clock that the test moves.</summary>
internal sealed class Edges : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Checker> _checkers = [];
    private readonly List<FaultyBuckets> _ways = [];
    private readonly List<UsageTally> _tallies = [];
    private readonly List<AlertWatch> _watches = [];
    private readonly AlertRule _otherwise;
    private readonly InMemoryBuckets _buckets;
    private readonly LeaseOptions? _options;

    public Edges(
        Policy policy, int count = 1, LeaseOptions? options = null, DateTimeOffset? start = null,
        AlertRule? alertsOtherwise = null)
    {
        Policy = policy;
        _options = options;
        _otherwise = alertsOtherwise ?? AlertRule.None;
        Clock = new ManualClock(start ?? Start);
        WaitClock = new ManualClock(start ?? Start);
        _buckets = new InMemoryBuckets(Clock);
        Directory = new FaultyDirectory(new InMemoryDirectory());
        Journal = new InMemoryRememberedChecks(Clock);
        Usage = new FaultyUsage(new InMemoryUsage(Clock));
        Alerts = new FaultyAlerts(new InMemoryAlerts());
        while (count-- > 0) Add();
    }

    public Policy Policy { get; }

    /// <summary>The time of decisions.</summary>
    public ManualClock Clock { get; }

    /// <summary>The time of waiting for a store.</summary>
    public ManualClock WaitClock { get; }

    public FaultyDirectory Directory { get; }

    /// <summary>One for all edges, as processes have that start again on one store.</summary>
    public InMemoryRememberedChecks Journal { get; }

    /// <summary>What all edges counted.</summary>
    public FaultyUsage Usage { get; }

    /// <summary>Of what tenants are told, and what they were told.</summary>
    public FaultyAlerts Alerts { get; }

    /// <summary>The buckets themselves, without any edge's way to them.</summary>
    public IDayCharges Charges => _buckets;

    public List<Exception> Failures { get; } = [];

    public Instant Now => Instant.From(Clock.GetUtcNow());

    public int Count => _checkers.Count;

    public Checker this[int edge] => _checkers[edge];

    /// <summary>What an edge counts.</summary>
    public UsageTally Tally(int edge = 0) => _tallies[edge];

    /// <summary>What looks for alerts on an edge.</summary>
    public AlertWatch Watch(int edge = 0) => _watches[edge];

    /// <summary>An edge's way to the buckets.</summary>
    public FaultyBuckets Way(int edge = 0) => _ways[edge];

    /// <summary>Starts one more edge; returns its index.</summary>
    public int Add()
    {
        var way = new FaultyBuckets(_buckets);
        _ways.Add(way);
        var id = new EdgeId((ulong)_ways.Count);
        _tallies.Add(new UsageTally(id, Usage, Clock, onFailure: Fail));
        _watches.Add(new AlertWatch(Alerts, Clock, _otherwise, Fail));
        _checkers.Add(new Checker(
            new PolicyInForce(Policy, 1), id, Directory, way, Clock, _options, WaitClock, Fail, Journal,
            _tallies[^1], _watches[^1]));
        return _checkers.Count - 1;
    }

    private void Fail(Exception failure)
    {
        lock (Failures) Failures.Add(failure);
    }

    /// <summary>Registers a tenant, or changes it; no edge is told.</summary>
    public async Task<TenantRecord> SaveAsync(
        string tenant, string plan, Func<TenantRecord, TenantRecord>? change = null)
    {
        var known = await Directory.FindTenantAsync(Tenant(tenant), default);
        var record = (known ?? new TenantRecord(
            Tenant(tenant), plan, 0, Now, ImmutableDictionary<LimitId, long>.Empty,
            ImmutableDictionary<LimitId, Adjustment>.Empty)) with { Plan = plan };
        return (await Directory.SaveTenantAsync(change?.Invoke(record) ?? record, null, default)).ShouldNotBeNull();
    }

    public async Task AddKeyAsync(string tenant, string key, string secret = "")
    {
        CredentialHash.TryCompute(secret == "" ? $"{tenant}/{key}" : secret, out var hash).ShouldBeTrue();
        (await Directory.AddKeyAsync(new KeyRecord(Tenant(tenant), Key(key), "", hash, Now), null, default))
            .ShouldBe(KeyAddition.Added);
    }

    public async Task<Decision> CheckAsync(Check check, int edge = 0)
    {
        var decision = new Decision();
        await this[edge].CheckAsync(check, decision, default);
        return decision;
    }

    /// <summary>How many of some checks are admitted.</summary>
    public async Task<int> AdmittedAsync(int count, Check check, int edge = 0)
    {
        var admitted = 0;
        while (count-- > 0)
            if ((await CheckAsync(check, edge)).Outcome == Outcome.Allowed) admitted++;
        return admitted;
    }

    public async Task<Decision> PeekAsync(Check check, int edge = 0)
    {
        var decision = new Decision();
        await this[edge].PeekAsync(check, decision, default);
        return decision;
    }

    /// <summary>Completes when no edge is asking a bucket.</summary>
    public async Task QuietAsync()
    {
        while (_checkers.Exists(checker => checker.IsAsking) || _tallies.Exists(tally => tally.IsSaving))
            await Task.Yield();
    }

    /// <summary>Moves both clocks, by whole seconds where they look after leases, while no edge is asking.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        var target = Clock.GetUtcNow() + by;
        await QuietAsync();
        while (Clock.GetUtcNow() < target)
        {
            var now = Clock.GetUtcNow();
            var second = now.AddTicks(TimeSpan.TicksPerSecond - (now.Ticks % TimeSpan.TicksPerSecond));
            var step = (second < target ? second : target) - now;
            WaitClock.Advance(step);
            Clock.Advance(step);
            await QuietAsync();
        }
    }

    public Task AdvanceAsync(long milliseconds) => AdvanceAsync(TimeSpan.FromMilliseconds(milliseconds));

    public async ValueTask DisposeAsync()
    {
        foreach (var checker in _checkers) await checker.DisposeAsync();
        foreach (var tally in _tallies) await tally.DisposeAsync();
        foreach (var watch in _watches) await watch.DisposeAsync();
    }

    public static TenantId Tenant(string name) =>
        TenantId.TryParse(name, out var id) ? id : throw new ArgumentException(name, nameof(name));

    public static KeyId Key(string name) =>
        KeyId.TryParse(name, out var id) ? id : throw new ArgumentException(name, nameof(name));

    public static LimitId Limit(string name) =>
        LimitId.TryParse(name, out var id) ? id : throw new ArgumentException(name, nameof(name));

    public static Check Get(string tenant, string path = "/things/1", long? cost = null) =>
        new() { Tenant = tenant, Method = "GET", Path = path, Cost = cost };

    public static Check Post(string tenant, string path = "/things") =>
        new() { Tenant = tenant, Method = "POST", Path = path };
}
