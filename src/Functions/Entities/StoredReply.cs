using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Functions.Entities;

/// <summary>Reads answers out of an entity's state.</summary>
internal static class StoredReply
{
    /// <summary>The answer to a reserve; null while it is not there.</summary>
    /// <exception cref="BucketFormatException">The state cannot be read.</exception>
    public static ReserveReply? Find(BucketEntityState stored, ReserveRequest request)
    {
        if (stored.Bucket is null) return null;
        var state = BucketCodec.Decode(stored.Bucket);
        return KeptAnswers.Read(stored.Answers).TryFind(request.Edge.Value, request.Number, out var kept)
            ? Restore(state, request, kept)
            : Bucket.Recall(state, request);
    }

    /// <summary>The outcome of a charge; null while it is not there.</summary>
    public static ChargeOutcome? Find(BucketEntityState stored, ulong call) =>
        KeptAnswers.Read(stored.Answers).TryFind(call, 0, out var kept) ? (ChargeOutcome)kept.Outcome : null;

    /// <summary>True when the bucket tells a reply again as it was.</summary>
    public static bool IsTold(BucketState state, ReserveRequest request, ReserveReply reply) =>
        Bucket.Recall(state, request) is { } told
        && told.Outcome == reply.Outcome && told.Opened == reply.Opened && told.DurationMs == reply.DurationMs
        && told.Exact == reply.Exact && (told.Alone == reply.Alone || reply.Outcome == ReserveOutcome.Granted);

    // How the limits stand is seen by a request that wants nothing; the state that it makes is nobody's.
    private static ReserveReply Restore(BucketState state, ReserveRequest request, in KeptAnswer kept)
    {
        var look = new ReserveRequest(
            request.Edge, long.MaxValue, request.Number, request.Terms, 0, [], [], []);
        var seen = Bucket.Reserve(state, look, Instant.MinValue).Reply;
        return seen with
        {
            Number = request.Number,
            Outcome = (ReserveOutcome)kept.Outcome,
            Now = kept.At,
            Exact = kept.Exact,
            Alone = kept.Alone,
            RetryAt = kept.RetryAt,
            Violated = kept.Violated,
            Limits = kept.Exact ? WithLeast(seen.Limits, request) : seen.Limits,
        };
    }

    private static ImmutableArray<LimitReply> WithLeast(ImmutableArray<LimitReply> limits, ReserveRequest request) =>
    [
        .. limits.Select((limit, i) => limit with { Granted = LeastOf(request, request.Terms.Limits[i]) }),
    ];

    private static long LeastOf(ReserveRequest request, LimitTerms limit)
    {
        foreach (var want in request.Wants)
            if (want.Limit == limit.Rule.Id) return want.Least;
        return 0;
    }
}
