using Limiter.Domain;
using Limiter.Domain.Decisions;

namespace Limiter.Http.Contract;

/// <summary>
/// <c>RateLimit-Policy</c> and <c>RateLimit</c> as in draft-ietf-httpapi-ratelimit-headers-11. The draft is still
/// moving: another version of it is another type beside this one.
/// </summary>
internal static class RateLimitFieldsDraft11
{
    public const string PolicyField = "RateLimit-Policy";
    public const string LimitField = "RateLimit";

    /// <summary>Whether there is a limit to tell of: shadow limits are the operator's alone.</summary>
    public static bool HasAny(Decision decision)
    {
        foreach (ref readonly var status in decision.Limits)
            if (!status.Limit.IsShadow) return true;
        return false;
    }

    /// <summary><c>"minute";q=60;w=60</c>: each limit's number and the seconds in which it comes free.</summary>
    public static string Policy(Decision decision)
    {
        var fields = new StructuredFieldWriter();
        foreach (var status in decision.Limits)
        {
            if (status.Limit.IsShadow) continue;
            fields.Member().String(status.Limit.Name).ParameterValue("q").Integer(status.Number);
            fields.ParameterValue("w").Integer(WindowLength.OfNumberSeconds(status.Limit.Rule, decision.At));
        }
        return fields.ToString();
    }

    /// <summary><c>"minute";r=57;t=42</c>: what is left, and the seconds until everything is free again.</summary>
    public static string Limit(Decision decision)
    {
        var fields = new StructuredFieldWriter();
        foreach (var status in decision.Limits)
        {
            if (status.Limit.IsShadow) continue;
            var wait = status.Violated && decision.Outcome == Outcome.Denied && decision.RetryAt != Instant.Never
                ? decision.RetryAt
                : status.ResetsAt;
            fields.Member().String(status.Limit.Name)
                .ParameterValue("r").Integer(Math.Max(0, status.Remaining))
                .ParameterValue("t").Integer(Math.Max(0, Ceiling.Divide(wait - decision.At, 1000)));
        }
        return fields.ToString();
    }
}
