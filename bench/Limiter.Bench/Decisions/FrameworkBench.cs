using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;

namespace Limiter.Bench.Decisions;

/// <summary>
/// The framework's limiters, of which each counts one limit of one caller; and the same found by a tenant's name among one
/// or 10,000, as ASP.NET Core's middleware does.
/// </summary>
[MemoryDiagnoser]
public class FrameworkBench
{
    private const int Number = 1_000_000_000;

    private readonly FixedWindowRateLimiter _fixed = new(FixedWindow);
    private readonly SlidingWindowRateLimiter _sliding = new(SlidingWindow);
    private readonly TokenBucketRateLimiter _tokens = new(TokenBucket);
    private readonly PartitionedRateLimiter<string> _fixedByTenant = PartitionedRateLimiter.Create<string, string>(
        tenant => RateLimitPartition.GetFixedWindowLimiter(tenant, _ => FixedWindow));
    private readonly PartitionedRateLimiter<string> _slidingByTenant = PartitionedRateLimiter.Create<string, string>(
        tenant => RateLimitPartition.GetSlidingWindowLimiter(tenant, _ => SlidingWindow));
    private readonly PartitionedRateLimiter<string> _tokensByTenant = PartitionedRateLimiter.Create<string, string>(
        tenant => RateLimitPartition.GetTokenBucketLimiter(tenant, _ => TokenBucket));
    private readonly string[] _tenants = [.. Enumerable.Range(0, 10_000).Select(i => $"tenant-{i}")];
    private int _next;

    [Params(1, 10_000)]
    public int Tenants { get; set; }

    [Benchmark(Baseline = true)]
    public bool Fixed_window() => Acquire(_fixed);

    [Benchmark]
    public bool Sliding_window() => Acquire(_sliding);

    [Benchmark]
    public bool Token_bucket() => Acquire(_tokens);

    [Benchmark]
    public bool Fixed_window_by_tenant() => Acquire(_fixedByTenant);

    [Benchmark]
    public bool Sliding_window_by_tenant() => Acquire(_slidingByTenant);

    [Benchmark]
    public bool Token_bucket_by_tenant() => Acquire(_tokensByTenant);

    private static FixedWindowRateLimiterOptions FixedWindow => new()
    {
        PermitLimit = Number, Window = TimeSpan.FromSeconds(5), AutoReplenishment = true,
    };

    private static SlidingWindowRateLimiterOptions SlidingWindow => new()
    {
        PermitLimit = Number, Window = TimeSpan.FromSeconds(5), SegmentsPerWindow = 5, AutoReplenishment = true,
    };

    private static TokenBucketRateLimiterOptions TokenBucket => new()
    {
        TokenLimit = Number, TokensPerPeriod = Number, ReplenishmentPeriod = TimeSpan.FromSeconds(5),
        AutoReplenishment = true,
    };

    private static bool Acquire(RateLimiter limiter)
    {
        using var lease = limiter.AttemptAcquire(1);
        return lease.IsAcquired;
    }

    private bool Acquire(PartitionedRateLimiter<string> limiter)
    {
        _next = _next + 1 < Tenants ? _next + 1 : 0;
        using var lease = limiter.AttemptAcquire(_tenants[_next], 1);
        return lease.IsAcquired;
    }
}
