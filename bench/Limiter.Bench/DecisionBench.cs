using System.Collections.Immutable;
using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Alerts;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Leases;
using Limiter.Engine.Usage;

namespace Limiter.Bench;

/// <summary>
/// A decision on a held lease: one limit, three limits (the day's count besides, in both), one limit with its usage
/// counted, the same with its use watched for alerts, and the framework's own fixed-window limiter for comparison, which counts one limit of one caller and no
/// tenants.
/// </summary>
[MemoryDiagnoser]
public class DecisionBench
{
    private readonly Decision _decision = new();
    private Checker _one = null!;
    private Checker _three = null!;
    private Checker _counted = null!;
    private Checker _watched = null!;
    private FixedWindowRateLimiter _framework = null!;
    private Check _check;
    private Check _write;

    [GlobalSetup]
    public async Task Setup()
    {
        const string OneLimit = """{"minute":{"algorithm":"fixedWindow","window":"60s","number":1000000000}}""";
        _one = await EdgeAsync(OneLimit);
        _counted = await EdgeAsync(OneLimit, new UsageTally(new EdgeId(1), new InMemoryUsage(Clock), Clock));
        _watched = await EdgeAsync(
            OneLimit, new UsageTally(new EdgeId(1), new InMemoryUsage(Clock), Clock),
            new AlertWatch(new InMemoryAlerts(), Clock, AlertRule.None with { Thresholds = [80, 100] }));
        _three = await EdgeAsync("""
            {"minute":{"algorithm":"fixedWindow","window":"60s","number":1000000000},
             "hour":{"algorithm":"slidingWindow","window":"1h","number":1000000000},
             "burst":{"algorithm":"tokenBucket","window":"60s","number":1000000000}}
            """);
        _framework = new FixedWindowRateLimiter(new FixedWindowRateLimiterOptions
        {
            PermitLimit = 1_000_000_000, Window = TimeSpan.FromMinutes(1), AutoReplenishment = true,
        });
        _check = new Check { Tenant = "acme", Method = "GET", Path = "/contacts" };
        _write = new Check { Tenant = "acme", Method = "POST", Path = "/contacts/17/notes" };
    }

    [Benchmark(Baseline = true)]
    public bool Framework_fixed_window()
    {
        using var lease = _framework.AttemptAcquire(1);
        return lease.IsAcquired;
    }

    [Benchmark]
    public Outcome One_limit() => Decide(_one, _check);

    [Benchmark]
    public Outcome One_limit_counted() => Decide(_counted, _check);

    [Benchmark]
    public Outcome One_limit_counted_and_watched() => Decide(_watched, _check);

    [Benchmark]
    public Outcome Three_limits() => Decide(_three, _write);

    private Outcome Decide(Checker checker, in Check check)
    {
        var pending = checker.CheckAsync(check, _decision, default);
        if (!pending.IsCompletedSuccessfully) pending.AsTask().Wait();
        return _decision.Outcome;
    }

    private static TimeProvider Clock => TimeProvider.System;

    private static async Task<Checker> EdgeAsync(
        string limits, UsageTally? usage = null, AlertWatch? alerts = null)
    {
        var file = $$$$"""
            {"policy":"bench","limits":{{{{limits}}}},"plans":{"basic":{}},
             "response":{"describe":"binding","denied":{"error":"limited"}}}
            """;
        if (!PolicyFile.TryCompile(System.Text.Encoding.UTF8.GetBytes(file), out var policy, out var errors))
            throw new InvalidOperationException(string.Join('\n', errors));
        var directory = new InMemoryDirectory();
        if (!TenantId.TryParse("acme", out var tenant)) throw new InvalidOperationException();
        await directory.SaveTenantAsync(
            new TenantRecord(
                tenant, "basic", 0, default, ImmutableDictionary<LimitId, long>.Empty,
                ImmutableDictionary<LimitId, Adjustment>.Empty), null, default);
        return new Checker(
            new PolicyInForce(policy, 1), new EdgeId(1), directory, new InMemoryBuckets(Clock), Clock,
            new LeaseOptions(), usage: usage, alerts: alerts);
    }
}
