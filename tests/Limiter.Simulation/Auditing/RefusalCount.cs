namespace Limiter.Simulation.Auditing;

/// <summary>Requests and refusals of a world, beside what an ideal central limiter would have done with them.</summary>
/// <param name="Requests">Requests decided by limits.</param>
/// <param name="Refused">Those denied.</param>
/// <param name="Early">Those denied for which the ideal limiter had room.</param>
/// <param name="EarlyTokens">Their tokens: room counts once, however often it is refused.</param>
/// <param name="MadeUpTokens">Tokens admitted later, for which the ideal limiter had no room any more.</param>
/// <param name="AdmissibleTokens">Tokens that the ideal limiter admits of all requests.</param>
public readonly record struct RefusalCount(
    long Requests, long Refused, long Early, long EarlyTokens, long MadeUpTokens, long AdmissibleTokens)
{
    /// <summary>Early refusals by the admissible load, both in tokens; 0 without load.</summary>
    public double EarlyShare => AdmissibleTokens == 0 ? 0 : (double)EarlyTokens / AdmissibleTokens;

    /// <summary>
    /// The part of the admissible load that was refused early and never made up for.
    /// </summary>
    public double LostShare =>
        AdmissibleTokens == 0 ? 0 : (double)(EarlyTokens - MadeUpTokens) / AdmissibleTokens;

    public static RefusalCount operator +(RefusalCount left, RefusalCount right) => new(
        left.Requests + right.Requests,
        left.Refused + right.Refused,
        left.Early + right.Early,
        left.EarlyTokens + right.EarlyTokens,
        left.MadeUpTokens + right.MadeUpTokens,
        left.AdmissibleTokens + right.AdmissibleTokens);
}
