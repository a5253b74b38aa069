using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Contract;

/// <summary>The rate-limit headers of one answer, as the policy's contract writes them.</summary>
/// <param name="Limit">
/// <c>X-RateLimit-Limit</c>; null without a limit to describe, and then the next two as well.
/// </param>
/// <param name="Remaining"><c>X-RateLimit-Remaining</c>.</param>
/// <param name="Reset"><c>X-RateLimit-Reset</c>.</param>
/// <param name="RetryAfter"><c>Retry-After</c>; null unless waiting helps.</param>
/// <param name="IetfPolicy"><c>RateLimit-Policy</c>; null unless the policy turns it on.</param>
/// <param name="IetfLimit"><c>RateLimit</c>; null unless the policy turns it on.</param>
internal readonly record struct LimitHeaders(
    string? Limit, string? Remaining, string? Reset, string? RetryAfter, string? IetfPolicy, string? IetfLimit)
{
    public const string LimitName = "X-RateLimit-Limit";
    public const string RemainingName = "X-RateLimit-Remaining";
    public const string ResetName = "X-RateLimit-Reset";

    public static LimitHeaders From(Decision decision)
    {
        var retryAfter = MayRetry(decision) ? Number(decision.RetryAfterSeconds) : null;
        if (decision.Policy is not { } policy) return new LimitHeaders { RetryAfter = retryAfter };
        var contract = policy.Response;
        var ietf = contract.IetfFields && RateLimitFieldsDraft11.HasAny(decision);
        var headers = new LimitHeaders
        {
            RetryAfter = retryAfter,
            IetfPolicy = ietf ? RateLimitFieldsDraft11.Policy(decision) : null,
            IetfLimit = ietf ? RateLimitFieldsDraft11.Limit(decision) : null,
        };
        var place = DescribedLimit.Find(decision);
        if (place < 0) return headers;
        ref readonly var status = ref decision.Limits[place];
        return headers with
        {
            Limit = NumberTexts.Of(status.Number),
            Remaining = Number(RemainingOf(decision, contract, status)),
            Reset = ResetText(contract.Reset, ResetSeconds(decision, status)),
        };
    }

    /// <summary>Whether the answer tells when to come back.</summary>
    public static bool MayRetry(Decision decision) =>
        (decision.Outcome == Outcome.Denied || decision.Refusal == Refusal.Unreachable)
        && decision.RetryAt != Instant.Never;

    public static long RemainingOf(Decision decision, ResponseContract contract, in LimitStatus status) =>
        IsTooMany(decision) && contract.RemainingWhenDenied == RemainingWhenDenied.Zero
            ? 0
            : Math.Max(0, status.Remaining);

    /// <summary>
    /// On a denial the moment to come back, otherwise the limit's own; in Unix seconds, rounded up. Never earlier than
    /// <c>Retry-After</c> allows.
    /// </summary>
    public static long ResetSeconds(Decision decision, in LimitStatus status) =>
        (MayRetry(decision) ? Instant.Max(decision.RetryAt, decision.At + 1) : status.ResetsAt).UnixSecondsRoundedUp;

    public void ApplyTo(IHeaderDictionary headers)
    {
        if (Limit is not null)
        {
            headers[LimitName] = Limit;
            headers[RemainingName] = Remaining;
            headers[ResetName] = Reset;
        }
        if (RetryAfter is not null) headers.RetryAfter = RetryAfter;
        if (IetfPolicy is null) return;
        headers[RateLimitFieldsDraft11.PolicyField] = IetfPolicy;
        headers[RateLimitFieldsDraft11.LimitField] = IetfLimit;
    }

    /// <summary>Removes what an upstream says of limits of its own: two answers to one question help nobody.</summary>
    public static void RemoveFrom(IHeaderDictionary headers)
    {
        headers.Remove(LimitName);
        headers.Remove(RemainingName);
        headers.Remove(ResetName);
        headers.Remove(RateLimitFieldsDraft11.PolicyField);
        headers.Remove(RateLimitFieldsDraft11.LimitField);
    }

    private static bool IsTooMany(Decision decision) =>
        decision.Outcome == Outcome.Denied || decision.Refusal == Refusal.CostAboveLimit;

    private static string ResetText(ResetFormat format, long seconds)
    {
        if (format == ResetFormat.HttpDate)
            return DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("R", CultureInfo.InvariantCulture);
        return NumberTexts.Of(seconds);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
