using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Remotes;

/// <summary>
/// What a request to a bucket may say when it comes from another process. Inside, edges are trusted to keep to it; here
/// nothing is. Dates of spending need no bound: a bucket counts them within their lease's life.
/// </summary>
internal static class RequestBounds
{
    public static bool IsPossible(ReserveRequest request) =>
        request.Number >= 1
        && request.LastReceived >= 0 && request.LastReceived < request.Number
        && request.LastGranted >= 0 && request.LastGranted <= request.LastReceived
        && request.LifetimeMs is >= 0 and <= Lease.LifetimeMsMax
        && ArePossible(request.Wants) && ArePossible(request.Owed)
        && request.Reports.All(report => IsPossible(report, request.Number))
        && request.Reports.Select(report => report.Opened).Distinct().Count() == request.Reports.Length;

    public static bool IsPossible(ChargeRequest request) =>
        request.SpentAt.UnixMilliseconds >= 0 && request.SpentAt.UnixMilliseconds <= long.MaxValue / 2
        && request.Cost is >= 0 and <= CostBounds.Greatest && request.TrueCost is >= 0 and <= CostBounds.Greatest
        && request.Limits.Distinct().Count() == request.Limits.Length;

    // Each limit once: the bucket looks at every want by itself.
    private static bool ArePossible(IReadOnlyList<Want> wants) =>
        wants.Select(want => want.Limit).Distinct().Count() == wants.Count
        && wants.All(want => want.Least >= 0 && want.Least <= want.Waiting && want.Waiting <= want.Like
            && want.Like <= Schedule.NumberMax);

    private static bool ArePossible(IReadOnlyList<Owed> owed) =>
        owed.Select(item => item.Limit).Distinct().Count() == owed.Count
        && owed.All(item => item.Spends.All(spend => spend.Tokens is >= 0 and <= Schedule.NumberMax)
            && item.Tokens <= Schedule.NumberMax);

    private static bool IsPossible(in LeaseReport report, long number) =>
        report.Opened < number
        && report.Limits.Select(limit => limit.Limit).Distinct().Count() == report.Limits.Length
        && report.Limits.All(limit => limit.Returned <= Schedule.NumberMax && limit.Spends.All(spend =>
            spend.Tokens is >= 0 and <= Schedule.NumberMax && spend.At.UnixMilliseconds is >= 0 and <= LatestMs));

    // Far beyond any clock, and far from where sums overflow.
    private const long LatestMs = long.MaxValue / 2;
}
