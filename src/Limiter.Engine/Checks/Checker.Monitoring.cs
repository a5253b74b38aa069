namespace Limiter.Engine.Checks;

// What is told of this edge to whoever watches it.
public sealed partial class Checker
{
    /// <summary>Whether the buckets are known to be out of reach.</summary>
    internal bool AreBucketsAway => _edge.Outage.IsKnown;
}
