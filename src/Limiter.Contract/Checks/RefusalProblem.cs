using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Http.Contract;
using Limiter.Http.Problems;

namespace Limiter.Http.Checks;

/// <summary>What a caller is told when its request is refused whatever the limits have left.</summary>
internal static class RefusalProblem
{
    public static Problem From(Decision decision) => decision.Refusal switch
    {
        Refusal.InvalidPath => new(400, ProblemCode.InvalidPath,
            "The path has a backslash, a control character or an escape that is escaped itself, or no leading slash.")
            { Field = "path" },
        Refusal.CostOutOfBounds => CostOutOfBounds(decision),
        Refusal.TooManyRecords => TooManyRecords(decision),
        Refusal.NoIdentity => new(401, ProblemCode.NoIdentity,
            "A credential or a tenant is required: this policy has no plan for anonymous callers."),
        Refusal.AddressRequired => new(400, ProblemCode.AddressRequired,
            "The client's address is required: this request is counted by address.") { Field = "ip" },
        Refusal.KeyRequired => new(400, ProblemCode.KeyRequired,
            "The tenant's key is required: this policy counts by key.") { Field = "key" },
        Refusal.UnknownCredential => new(401, ProblemCode.UnknownCredential,
            "The credential is not known.") { Field = "credential" },
        Refusal.MisspeltCredential => new(401, ProblemCode.MisspeltCredential,
            "The credential is misspelt or cut off: its checksum is wrong.") { Field = "credential" },
        Refusal.Suspended => new(403, ProblemCode.TenantSuspended, "The tenant is suspended.")
        {
            Field = "tenant",
            RetryAfter = decision.RetryAt == Instant.Never ? null : decision.RetryAfterSeconds,
        },
        Refusal.UnknownTenant => new(404, ProblemCode.UnknownTenant,
            "The tenant is not registered.") { Field = "tenant" },
        Refusal.UnknownKey => new(404, ProblemCode.UnknownKey, "The tenant has no such key.") { Field = "key" },
        Refusal.IdReused => new(409, ProblemCode.IdReused,
            "The id was used for another request in the last 10 minutes.") { Field = "id" },
        Refusal.TooManyReservations => new(503, ProblemCode.TooManyReservations,
            "This process holds as many reservations as it may; nothing was consumed.") { RetryAfter = 1 },
        Refusal.CostAboveLimit => new(429, ProblemCode.CostAboveLimit,
            $"A cost of {decision.Cost} is more than a limit ever allows: waiting does not help."),
        Refusal.Unreachable => Unreachable(LimitHeaders.MayRetry(decision) ? decision.RetryAfterSeconds : 1),
        _ => throw new InvalidOperationException($"No refusal: {decision.Outcome} {decision.Refusal}."),
    };

    public static Problem Unreachable(long retryAfter) => new(503, ProblemCode.Unreachable,
        "What is left cannot be told just now, and this policy refuses rather than guess.") { RetryAfter = retryAfter };

    public static Problem CostOutOfBounds(long min, long max) => new(400, ProblemCode.CostOutOfBounds,
        min == max ? $"The cost of a request is {min} here." : $"The cost of a request is {min} to {max} here.")
        { Field = "cost", Cap = max };

    private static Problem CostOutOfBounds(Decision decision) =>
        decision.Policy is { } policy ? CostOutOfBounds(policy.Cost.Min, policy.Cost.Max) : CostOutOfBounds(1, 1);

    private static Problem TooManyRecords(Decision decision)
    {
        var cap = decision.Rule?.RecordsMax;
        return new(413, ProblemCode.TooManyRecords, $"A request has at most {cap} records here; nothing was consumed.")
        {
            Field = "records",
            Cap = cap,
        };
    }
}
