using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Sqlite.Tests;

/// <summary>Requests to buckets with one limit of a fixed minute.</summary>
internal static class Asks
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly LimitId Minute = LimitId.TryParse("minute", out var id) ? id : default;

    public static BucketId Bucket(string tenant) => new(
        Partition.Tenant,
        TenantId.TryParse(tenant, out var id) ? id : throw new ArgumentException(tenant, nameof(tenant)),
        "");

    /// <summary>Asks for tokens that are spent as soon as they are granted.</summary>
    public static ValueTask<ReserveReply> ReserveAsync(
        this IBuckets buckets, string tenant, ulong edge, long number, long limit, long tokens = 1)
    {
        var terms = new Terms(
            new TermsVersion(1, 1),
            [
                new LimitTerms(LimitRule.Day, Schedule.AlwaysUnlimited),
                new LimitTerms(LimitRule.Fixed(Minute, 60_000), Schedule.Constant(limit)),
            ]);
        var request = new ReserveRequest(
            new EdgeId(edge), number, number - 1, terms, 10_000, [],
            [new Want(LimitId.Day, tokens, tokens, tokens), new Want(Minute, tokens, tokens, tokens)], []);
        return buckets.ReserveAsync(Bucket(tenant), request, TestContext.Current.CancellationToken);
    }

    /// <summary>What one reserve was granted of the minute.</summary>
    public static async Task<long> GrantedAsync(
        this IBuckets buckets, string tenant, ulong edge, long number, long limit, long tokens = 1)
    {
        var reply = await buckets.ReserveAsync(tenant, edge, number, limit, tokens);
        return reply.Outcome == ReserveOutcome.Granted ? reply.Limits[1].Granted : 0;
    }
}
