using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;

namespace Limiter.Bench.Decisions;

/// <summary>
/// The same number of checks by one thread and by two: all of one tenant, or each thread's of its own many. Half the time
/// with two threads is perfect scaling.
/// </summary>
public class ThreadsBench
{
    private const int Checks = 1_000_000;
    private const int TenantsPerThread = 1_000;

    private readonly Checker _checker = BenchEdge.Over(BenchPolicy.Compile(BenchPolicy.OneLimit));
    private readonly FixedWindowRateLimiter _fixed = new(new FixedWindowRateLimiterOptions
    {
        PermitLimit = 1_000_000_000, Window = TimeSpan.FromSeconds(5), AutoReplenishment = true,
    });

    private Check[][] _many = [];

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup() => _many =
    [
        .. Enumerable.Range(0, Threads).Select(thread => Enumerable.Range(0, TenantsPerThread)
            .Select(i => new Check { Tenant = $"tenant-{thread}-{i}", Method = "GET", Path = "/contacts" }).ToArray()),
    ];

    [Benchmark(OperationsPerInvoke = Checks)]
    public void One_hot_tenant() => OnThreads(thread =>
    {
        var decision = new Decision();
        for (var i = Checks / Threads; i > 0; i--) _checker.Decide(_many[0][0], decision);
    });

    [Benchmark(OperationsPerInvoke = Checks)]
    public void Tenants_of_their_own() => OnThreads(thread =>
    {
        var (decision, checks) = (new Decision(), _many[thread]);
        for (var i = Checks / Threads; i > 0; i--) _checker.Decide(checks[i % TenantsPerThread], decision);
    });

    [Benchmark(OperationsPerInvoke = Checks)]
    public void Framework_fixed_window() => OnThreads(thread =>
    {
        for (var i = Checks / Threads; i > 0; i--)
        {
            using var lease = _fixed.AttemptAcquire(1);
        }
    });

    private void OnThreads(Action<int> work)
    {
        var others = Enumerable.Range(1, Threads - 1).Select(thread => new Thread(() => work(thread))).ToArray();
        foreach (var other in others) other.Start();
        work(0);
        foreach (var other in others) other.Join();
    }
}
