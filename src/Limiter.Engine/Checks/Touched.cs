using System.Runtime.CompilerServices;
using Limiter.Engine.Leases;

namespace Limiter.Engine.Checks;

/// <summary>One bucket that a request needs tokens of.</summary>
internal readonly record struct Touch(LeaseHolder Holder, BucketDemand Demand);

/// <summary>The buckets that one request needs tokens of, in the order in which they are locked: 1 to 3.</summary>
[InlineArray(CountMax)]
internal struct Touched
{
    /// <summary>One a partition.</summary>
    public const int CountMax = 3;

    private Touch _first;
}
