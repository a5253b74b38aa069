using Limiter.Engine.Ports;
using Limiter.Functions.Host.Entities;

namespace Limiter.Conformance.Buckets;

public sealed class DurableBucketsTests : DayChargesConformance
{
    public DurableBucketsTests() => Buckets = EntityRoom.Open(Clock, Delivery.Prompt).Buckets;

    protected override IBuckets Buckets { get; }
}

/// <summary>The same promises when signals come late, out of order and again, and processes die.</summary>
public sealed class HostileDurableBucketsTests : DayChargesConformance
{
    public HostileDurableBucketsTests() => Buckets = EntityRoom.Open(Clock, Delivery.Hostile(seed: 1)).Buckets;

    protected override IBuckets Buckets { get; }
}
