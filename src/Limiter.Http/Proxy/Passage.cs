using System.Net;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Engine.Checks;
using Limiter.Http.Contract;

namespace Limiter.Http.Proxy;

/// <summary>What is known of an admitted request while it is forwarded.</summary>
/// <param name="Client">The client's address; null when it is not known.</param>
/// <param name="Limits">What the answer says of the client's limits.</param>
/// <param name="IsExempt">Whether the request passes whoever sends it.</param>
/// <param name="Admitted">What was charged; nothing when it is exempt.</param>
/// <param name="CostBounds">Within which the upstream may correct that; null when it may not.</param>
internal readonly record struct Passage(
    IPAddress? Client, LimitHeaders Limits, bool IsExempt, AdmittedCheck Admitted, CostBounds? CostBounds)
{
    public static Passage Of(Decision decision, IPAddress? client) => new(
        client, LimitHeaders.From(decision), decision.Rule is { IsExempt: true }, AdmittedCheck.Of(decision),
        decision.Policy is { CostFromUpstream: true } policy ? policy.Cost : null);
}
