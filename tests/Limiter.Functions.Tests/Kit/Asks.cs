using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Functions.Tests.Kit;

/// <summary>Requests to a bucket with a day that is unlimited and a fixed minute of ten.</summary>
internal static class Asks
{
    public static readonly BucketId Acme = new(Partition.Tenant, Tenant("acme"), "");

    public static readonly Terms Ten = new(new TermsVersion(1, 1),
    [
        new LimitTerms(LimitRule.Day, Schedule.AlwaysUnlimited),
        new LimitTerms(LimitRule.Fixed(Limit("minute"), 60_000), Schedule.Constant(10)),
    ]);

    public static TenantId Tenant(string name) => TenantId.TryParse(name, out var id) ? id : default;

    public static LimitId Limit(string name) => LimitId.TryParse(name, out var id) ? id : default;

    public static ReserveRequest Reserve(ulong edge, long number, long tokens, Terms? terms = null) => new(
        new EdgeId(edge), number, 0, terms ?? Ten, 10_000, [],
        [.. (terms ?? Ten).Limits.Select(limit => new Want(limit.Rule.Id, tokens, tokens, tokens))], []);

    public static ChargeRequest Charge(ulong check, Instant spentAt, long cost, long trueCost) => new(
        check, spentAt, cost, trueCost, [.. Ten.Limits.Select(limit => limit.Rule.Id)], Ten);
}
