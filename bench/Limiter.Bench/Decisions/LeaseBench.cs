using BenchmarkDotNet.Attributes;
using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Callers;
using Limiter.Engine.InMemory;
using Limiter.Engine.Leases;

namespace Limiter.Bench.Decisions;

/// <summary>
/// Spending from a held lease alone: who asks and what for is known, as it is to the framework's limiters beside it.
/// The answer, what is left of each limit and when it is back, is filled in.
/// </summary>
[MemoryDiagnoser]
public class LeaseBench
{
    private const int Batch = 1_000;

    private readonly Decision _decision = new();
    private readonly Edge _edge = new(
        new EdgeId(1), new InMemoryBuckets(BenchEdge.Clock), BenchEdge.Clock, BenchEdge.Clock, new LeaseOptions());

    private LeaseHolder _one = null!;
    private LeaseHolder _three = null!;
    private BucketDemand _demandOfOne;
    private BucketDemand _demandOfThree;

    [GlobalSetup]
    public void Setup()
    {
        (_one, _demandOfOne) = Holder("one", BenchPolicy.OneLimit);
        (_three, _demandOfThree) = Holder("three", BenchPolicy.ThreeLimits);
    }

    /// <summary>With both of the edge's clocks read for each.</summary>
    [Benchmark]
    public Outcome One_limit() => Spend(_one, _demandOfOne, _edge.Now());

    /// <summary>With the clocks read once for a thousand: what the clocks cost is the difference.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public Outcome One_limit_without_clocks()
    {
        var now = _edge.Now();
        for (var i = 1; i < Batch; i++) Spend(_one, _demandOfOne, now);
        return Spend(_one, _demandOfOne, now);
    }

    [Benchmark]
    public Outcome Three_limits() => Spend(_three, _demandOfThree, _edge.Now());

    private Outcome Spend(LeaseHolder holder, in BucketDemand demand, in EdgeTime now)
    {
        _decision.ClearLimits();
        if (!holder.TryDecide(demand, _decision, now))
            holder.WaitAsync(demand, _decision, setAside: false, _edge.Now()).Wait();
        return _decision.Outcome;
    }

    private static (LeaseHolder, BucketDemand) Holder(Edge edge, string tenant, string limits)
    {
        var policy = BenchPolicy.Compile(limits);
        var terms = new PolicyInForce(policy, 1).PlanTerms["basic"][0];
        var demand = policy.Endpoints.Otherwise.Demands[0];
        if (!TenantId.TryParse(tenant, out var id)) throw new InvalidOperationException(tenant);
        return (
            new LeaseHolder(new BucketId(Partition.Tenant, id, ""), edge, terms),
            new BucketDemand(terms, policy.Layouts[demand.Layout], demand.Mask, 1, demand.Shadows));
    }

    private (LeaseHolder, BucketDemand) Holder(string tenant, string limits) => Holder(_edge, tenant, limits);
}
