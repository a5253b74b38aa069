using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;

namespace Limiter.Engine.Checks;

/// <summary>Finds the rule that a request falls under.</summary>
internal static class Placement
{
    /// <summary>Fills in rule and cost; false: the decision is a refusal.</summary>
    public static bool TryPlace(in Check check, PolicyInForce policy, Decision decision, bool looks)
    {
        if (looks && check.Path.Length == 0)
        {
            decision.Rule = policy.Everything;
            return true;
        }
        if (!EndpointMatcher.IsMethod(check.Method) || !PathNormaliser.TryNormalise(check.Path, out var path, out _))
        {
            decision.Refuse(Refusal.InvalidPath);
            return false;
        }
        decision.Rule = policy.Policy.Endpoints.Match(check.Method, path);
        decision.Cost = decision.Rule.IsExempt ? 0 : check.Cost ?? decision.Rule.Cost;
        return true;
    }
}
