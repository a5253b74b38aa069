using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Conformance.Buckets;

/// <summary>Requests to buckets with a day that is unlimited and one limit of a minute.</summary>
internal static class Requests
{
    /// <summary>Position of the limit <c>minute</c> in the terms.</summary>
    public const int Minute = 1;

    public static readonly LimitId MinuteId = LimitId.TryParse("minute", out var id) ? id : default;

    public static BucketId BucketOf(string tenant) => new(Partition.Tenant, Tenant(tenant), "");

    public static TenantId Tenant(string name) =>
        TenantId.TryParse(name, out var id) ? id : throw new ArgumentException(name, nameof(name));

    public static Terms PerFixedMinute(long number) => Of(LimitRule.Fixed(MinuteId, 60_000), number);

    public static Terms PerSlidingMinute(long number) => Of(LimitRule.Sliding(MinuteId, 60_000), number);

    /// <summary>Asks for exactly <paramref name="tokens"/> of the minute, spent as soon as granted.</summary>
    public static ReserveRequest Reserve(ulong edge, long number, Terms terms, long tokens) => new(
        new EdgeId(edge), number, 0, terms, 10_000, [], [.. terms.Limits.Select(limit =>
            new Want(limit.Rule.Id, tokens, tokens, tokens))], []);

    public static ChargeRequest Charge(ulong check, Instant spentAt, long cost, long trueCost, Terms terms) => new(
        check, spentAt, cost, trueCost, [.. terms.Limits.Select(limit => limit.Rule.Id)], terms);

    private static Terms Of(LimitRule rule, long number) => new(
        new TermsVersion(1, 1),
        [new LimitTerms(LimitRule.Day, Schedule.AlwaysUnlimited), new LimitTerms(rule, Schedule.Constant(number))]);
}
