using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Callers;

namespace Limiter.Engine.Remotes;

/// <summary>
/// A bucket's answer to an edge in another process, as the decision that this process would have made by it: what that
/// edge decides from its leases is not seen here, but no lease is filled without asking.
/// </summary>
internal static class RemoteDecision
{
    public static Decision Of(BucketId bucket, OwnedBucket owned, ReserveReply reply)
    {
        var decision = new Decision
        {
            Outcome = reply.Outcome == ReserveOutcome.Denied ? Outcome.Denied : Outcome.Allowed,
            Tenant = bucket.Tenant,
            Key = bucket.Partition == Partition.Key && KeyId.TryParse(bucket.Value, out var key) ? key : default,
            Plan = owned.Owner?.Plan,
            At = reply.Now,
        };
        for (var i = 0; i < reply.Limits.Length; i++)
        {
            var outlook = reply.Limits[i].Outlook;
            if (owned.Layout.Limits[i] is not { } limit || outlook.Number == Schedule.Unlimited) continue;
            decision.Add(new LimitStatus(
                limit, outlook.Number, outlook.RemainingAt(limit.Rule, reply.Now, 0),
                outlook.ResetsAt(limit.Rule, reply.Now, default), (reply.Violated & (1u << i)) != 0));
        }
        return decision;
    }
}
