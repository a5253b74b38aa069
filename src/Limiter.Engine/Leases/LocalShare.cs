using System.Collections.Immutable;
using System.Numerics;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

/// <summary>
/// An edge's share of one bucket's numbers, counted by a bucket of its own while the true one cannot be reached.
/// </summary>
internal sealed class LocalShare
{
    private BucketState? _state;
    private long _number;

    /// <summary>Those of the last request, with the share's numbers.</summary>
    public Terms? Terms { get; private set; }

    /// <summary>Decides a request, by these percents of the numbers that are in force.</summary>
    public ReserveReply Reserve(in BucketDemand demand, int sharePercent, EdgeId edge, Instant now)
    {
        if (Terms?.Version != demand.Terms.Version) Terms = Share(demand.Terms, sharePercent);
        var wants = ImmutableArray.CreateBuilder<Want>();
        for (var mask = demand.Mask; mask != 0; mask &= mask - 1)
        {
            var limit = Terms.Limits[BitOperations.TrailingZeroCount(mask)].Rule.Id;
            wants.Add(new Want(limit, demand.Cost, demand.Cost, demand.Cost));
        }
        var request = new ReserveRequest(edge, ++_number, _number - 1, Terms, 0, [], wants.DrainToImmutable(), []);
        (var reply, _state) = Bucket.Reserve(_state, request, now);
        return reply;
    }

    private static Terms Share(Terms terms, int percent) => new(
        terms.Version, [.. terms.Limits.Select(limit => limit with
    {
        Schedule = Schedule.Of([.. limit.Schedule.Steps.Select(step => step.Number == Schedule.Unlimited
            ? step
            : step with { Number = step.Number * percent / 100 })]),
    })]);
}
