using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

/// <summary>How a request that waited for its bucket came out.</summary>
internal enum WaitOutcome
{
    /// <summary>The tokens are spent, or set aside when the waiter asked for that.</summary>
    Granted,

    /// <summary>
    /// The tokens are spent, even if the waiter asked to have them set aside: no lease could hold them.
    /// </summary>
    GrantedExactly,
    Denied,

    /// <summary>The bucket did not answer in time: the policy decides.</summary>
    Unreachable,

    /// <summary>This holder is out of use: ask for the bucket's holder again.</summary>
    Retired,

    /// <summary>Another policy has come into force since the demand was made: decide again under that.</summary>
    Outdated,
}

/// <summary>A request that waits for tokens of one bucket.</summary>
/// <param name="demand">What it needs.</param>
/// <param name="decision">Filled in when the outcome is known.</param>
/// <param name="setAside">
/// Whether granted tokens are only set aside, because the request needs another bucket's too.
/// </param>
internal sealed class Waiter(in BucketDemand demand, Decision decision, bool setAside)
    : TaskCompletionSource<WaitOutcome>
{
    /// <summary>Most requests that a waiter comes to the head of before it counts as unreachable.</summary>
    public const int TriesMax = 4;

    public readonly BucketDemand Demand = demand;

    public Decision Decision { get; } = decision;

    public bool SetsAside { get; } = setAside;

    /// <summary>Limits whose tokens were set aside from the balance when the request at hand was sent.</summary>
    public uint Earmarked { get; set; }

    public int Tries { get; set; }

    /// <summary>The next in the ring of its <see cref="WaitingLine"/>.</summary>
    public Waiter? Next { get; set; }

    /// <summary>
    /// True once a request was sent while it waited: that one's reply knows of all that was spent before.
    /// </summary>
    public bool IsCarried { get; set; }
}

/// <summary>What a request needs of one bucket.</summary>
/// <param name="Terms">The numbers in force.</param>
/// <param name="Layout">Tells the policy's limits from positions.</param>
/// <param name="Mask">The positions that count the request.</param>
/// <param name="Cost">Tokens of each; 0 only looks.</param>
/// <param name="Shadows">The positions of shadow limits that count the request.</param>
internal readonly record struct BucketDemand(
    Terms Terms, BucketLayout Layout, uint Mask, long Cost, uint Shadows);
