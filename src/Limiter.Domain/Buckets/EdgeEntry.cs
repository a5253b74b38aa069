using Limiter.Domain.Escrow;

namespace Limiter.Domain.Buckets;

/// <summary>
/// What a bucket knows of one edge: the last request, the answer to it, and at most two leases, the open one and one
/// that waits for its last report. Mutable, owned by one <see cref="BucketState"/>.
/// </summary>
internal sealed class EdgeEntry(EdgeId edge)
{
    public EdgeId Edge { get; } = edge;

    /// <summary>The number of the last request.</summary>
    public long Number { get; set; }

    public Lease? Open { get; set; }

    public Lease? Ended { get; set; }

    /// <summary>
    /// By position, tokens that were charged as admitted without a grant since the last reply that the edge received;
    /// null for none.
    /// </summary>
    public long[]? AppliedOwed { get; set; }

    /// <summary>The last answer, for a request that is delivered again. Its outlook is told anew.</summary>
    public KeptReply Reply { get; set; }

    public EdgeEntry Clone() => new(Edge)
    {
        Number = Number,
        Open = Open?.Clone(),
        Ended = Ended?.Clone(),
        AppliedOwed = AppliedOwed is null ? null : [.. AppliedOwed],
        Reply = Reply,
    };

    /// <summary>Keeps what belongs to the limits that stay; see <see cref="Lease.Remap"/>.</summary>
    public void Remap(ReadOnlySpan<int> from)
    {
        Open?.Remap(from);
        Ended?.Remap(from);
        if (AppliedOwed is not { } owed) return;
        AppliedOwed = new long[from.Length];
        for (var i = 0; i < from.Length; i++)
            if (from[i] >= 0) AppliedOwed[i] = owed[from[i]];
    }

    /// <summary>True when more is kept than the last request: a lease, or what was admitted without a grant.</summary>
    public bool OwesNews => Open is not null || Ended is not null || AppliedOwed is not null;

    /// <summary>True when it is not known yet whether the last grant was received.</summary>
    public bool AwaitsAcknowledgement =>
        (Open is { } open && open.Pending != default) || (Ended is { } ended && ended.Pending != default);

    /// <summary>When its last lease ended, or it asked last.</summary>
    public Instant HeardOf => Instant.Max(
        Reply.Now, Instant.Max(Open?.Expiry ?? Instant.MinValue, Ended?.Expiry ?? Instant.MinValue));

    /// <summary>True when it is forgotten rather than another one; null is forgotten last.</summary>
    public bool GivesWayBefore(EdgeEntry? other) => other is null
        || (OwesNews == other.OwesNews ? Reply.Now < other.Reply.Now : other.OwesNews);

    /// <summary>True when it holds tokens that it may still spend.</summary>
    public bool CanSpend(Instant now) => CanSpend(Open, now) || CanSpend(Ended, now);

    private static bool CanSpend(Lease? lease, Instant now) =>
        lease is not null && lease.Expiry > now && !lease.IsEmpty;
}

/// <summary>The part of a reply that cannot be told from the rest of the state.</summary>
internal readonly record struct KeptReply(
    ReserveOutcome Outcome, Instant Now, long DurationMs, Instant RetryAt, uint Violated);
