using System.Collections.Immutable;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Escrow;

/// <summary>
/// What an edge asks of one bucket, and what it reports of the leases it holds there. One is in flight at a time; a
/// repeated, reordered or lost one changes nothing that the next does not put right.
/// </summary>
/// <param name="Edge">Who asks.</param>
/// <param name="Number">Rises by at least 1 with each request of this edge to this bucket; first 1.</param>
/// <param name="LastReceived">
/// The number of the last reply that the edge took in, 0 for none. Reports count from that request on, and what a
/// later reply granted was never received.
/// </param>
/// <param name="Terms">
/// The numbers in force as the edge knows them. The bucket keeps the highest version that it saw.
/// </param>
/// <param name="LifetimeMs">
/// Longest lifetime of a lease that the edge wants, 0 to 30,000; 0 asks for exact decisions only.
/// </param>
/// <param name="Reports">
/// Use of the leases that the edge holds: the open one, and one that has ended. At most 2.
/// </param>
/// <param name="Wants">What it needs, at most one entry a limit. None: report only.</param>
/// <param name="Owed">
/// Tokens admitted without a grant while the bucket could not be reached, since <paramref name="LastReceived"/>.
/// </param>
public sealed record ReserveRequest(
    EdgeId Edge,
    long Number,
    long LastReceived,
    Terms Terms,
    long LifetimeMs,
    ImmutableArray<LeaseReport> Reports,
    ImmutableArray<Want> Wants,
    ImmutableArray<Owed> Owed)
{
    public const int ReportsMax = 2;

    /// <summary>
    /// The number of the last reply that was taken in and granted tokens, at most <see cref="LastReceived"/>. A denial
    /// is not saved, so a late copy of the same request may be granted: of that the edge knows nothing. Nor is the
    /// reply to one who only looks, and a host that another has replaced may have made it.
    /// </summary>
    public long LastGranted { get; init; } = LastReceived;
}

/// <summary>
/// Tokens of one limit that a request asks for: all the least amounts are granted or nothing is, then the rest as far
/// as the bucket finds it wise. <c>Least ≤ Waiting ≤ Like</c>.
/// </summary>
/// <param name="Limit">The limit.</param>
/// <param name="Least">Needed by the request that waits first. 0 to 1,000,000,000.</param>
/// <param name="Waiting">Needed by all requests that wait: spent as soon as granted.</param>
/// <param name="Like">What the edge expects to spend in a lease's lifetime.</param>
public readonly record struct Want(LimitId Limit, long Least, long Waiting, long Like);

/// <summary>Use of one lease since the last reply received.</summary>
/// <param name="Opened">Number of the request whose reply opened the lease.</param>
/// <param name="Limits">One entry a limit that was used or returned.</param>
public readonly record struct LeaseReport(long Opened, ImmutableArray<LimitReport> Limits);

/// <param name="Limit">The limit.</param>
/// <param name="Spends">Tokens spent, in the order of time; at most <see cref="SpendLog.EntriesMax"/>.</param>
/// <param name="Returned">Tokens that the edge stopped spending before it sent this, and never spends again.</param>
public readonly record struct LimitReport(LimitId Limit, ImmutableArray<Spend> Spends, long Returned);

/// <param name="At">Latest bucket time at which the tokens can have been spent.</param>
/// <param name="Tokens">At least 0; 0 where the entry before tells of spendings that went on until this time.</param>
public readonly record struct Spend(Instant At, long Tokens);

/// <summary>Tokens admitted without a grant: while the bucket could not be reached, or of a shadow limit.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Spends">
/// Tokens, in the order of time; at most <see cref="SpendLog.EntriesMax"/>. <see cref="Instant.Never"/> where the edge
/// cannot know the bucket's time: admitted when it is told.
/// </param>
public readonly record struct Owed(LimitId Limit, ImmutableArray<Spend> Spends)
{
    /// <summary>Tokens of which it is not known when they were admitted.</summary>
    public Owed(LimitId limit, long tokens)
        : this(limit, [new Spend(Instant.Never, tokens)])
    {
    }

    public long Tokens
    {
        get
        {
            var tokens = 0L;
            foreach (var spend in Spends) tokens += spend.Tokens;
            return tokens;
        }
    }
}
