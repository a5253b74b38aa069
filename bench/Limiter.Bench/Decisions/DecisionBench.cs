using BenchmarkDotNet.Attributes;
using Limiter.Domain.Alerts;
using Limiter.Domain.Decisions;
using Limiter.Engine.Alerts;
using Limiter.Engine.Checks;
using Limiter.Engine.InMemory;

namespace Limiter.Bench.Decisions;

/// <summary>
/// A whole check on a held lease: the path is matched, the tenant looked up, the lease spent. One limit, three limits (the
/// day's count besides, in both), one limit with its usage counted, and the same with its use watched for alerts.
/// </summary>
[MemoryDiagnoser]
public class DecisionBench
{
    private readonly Decision _decision = new();
    private readonly Checker _one = BenchEdge.Over(BenchPolicy.Compile(BenchPolicy.OneLimit));
    private readonly Checker _three = BenchEdge.Over(BenchPolicy.Compile(BenchPolicy.ThreeLimits));
    private readonly Checker _counted = BenchEdge.Over(BenchPolicy.Compile(BenchPolicy.OneLimit), counts: true);
    private readonly Checker _watched = BenchEdge.Over(
        BenchPolicy.Compile(BenchPolicy.OneLimit), counts: true,
        new AlertWatch(new InMemoryAlerts(), BenchEdge.Clock, AlertRule.None with { Thresholds = [80, 100] }));

    private Check _check = new() { Tenant = "acme", Method = "GET", Path = "/contacts" };
    private Check _write = new() { Tenant = "acme", Method = "POST", Path = "/contacts/17/notes" };

    [Benchmark]
    public Outcome One_limit() => _one.Decide(_check, _decision);

    [Benchmark]
    public Outcome One_limit_counted() => _counted.Decide(_check, _decision);

    [Benchmark]
    public Outcome One_limit_counted_and_watched() => _watched.Decide(_check, _decision);

    [Benchmark]
    public Outcome Three_limits() => _three.Decide(_write, _decision);
}
