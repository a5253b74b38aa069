using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Usage;

/// <summary>How often each limit of a policy lacked tokens for the checks of one line.</summary>
internal sealed class LimitCounts(Policy policy)
{
    private readonly long[] _denied = new long[policy.Limits.Length];
    private readonly long[] _shadowed = new long[policy.Limits.Length];

    /// <summary>
    /// On a denial counts the limits that denied, on an admission those that would have; nothing when it was made under
    /// another policy.
    /// </summary>
    public void Count(Decision decision)
    {
        if (decision.Policy != policy) return;
        var isDenied = decision.Outcome == Outcome.Denied;
        var counts = isDenied ? _denied : _shadowed;
        foreach (ref readonly var limit in decision.Limits)
            if (isDenied ? limit.Denies : limit.WouldDeny) counts[limit.Limit.Index]++;
    }

    public void AddTo(UsageSum sum, UsageSubject subject)
    {
        for (var i = 0; i < policy.Limits.Length; i++)
        {
            var name = policy.Limits[i].Name;
            sum.AddDenied(subject, name, _denied[i]);
            sum.AddShadowed(subject, name, _shadowed[i]);
        }
    }
}
