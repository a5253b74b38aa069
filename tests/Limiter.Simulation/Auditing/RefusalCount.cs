namespace Limiter.Simulation.Auditing;

/// <summary>Requests and refusals of a world, beside what an ideal central limiter would have done with them.</summary>
/// <param name="Requests">Requests decided by limits.</param>
/// <param name="Refused">Those denied.</param>
/// <param name="Early">Those denied for which the ideal limiter had room.</param>
/// <param name="EarlyTokens">Their tokens: room counts once, however often it is refused.</param>
/// <param name="MadeUpTokens">Tokens admitted later, for which the ideal limiter had no room any more.</param>
/// <param name="AdmissibleTokens">Tokens that the ideal limiter admits of all requests.</param>
/// <param name="ShareTokens">
/// Of the early ones, those that were beyond the share of a <c>local</c> policy while no bucket could be reached.
/// </param>
/// <param name="ChargeTokens">
/// Of the early ones, those for which an ideal limiter has no room either that is charged for what was admitted without
/// a bucket or turned out dearer.
/// </param>
public readonly record struct RefusalCount(
    long Requests, long Refused, long Early, long EarlyTokens, long MadeUpTokens, long AdmissibleTokens,
    long ShareTokens = 0, long ChargeTokens = 0)
{
    /// <summary>Early refusals by the admissible load, both in tokens; 0 without load.</summary>
    public double EarlyShare => ShareOf(EarlyTokens);

    /// <summary>The part of the early refusals that no policy asked for: tokens were elsewhere, or came late.</summary>
    public double StrandedShare => ShareOf(EarlyTokens - ShareTokens - ChargeTokens);

    /// <summary>
    /// The part of the admissible load that was refused early and never made up for.
    /// </summary>
    public double LostShare => ShareOf(EarlyTokens - MadeUpTokens);

    /// <summary>Some tokens by the admissible load; 0 without load.</summary>
    public double ShareOf(long tokens) => AdmissibleTokens == 0 ? 0 : (double)tokens / AdmissibleTokens;

    public static RefusalCount operator +(RefusalCount left, RefusalCount right) => new(
        left.Requests + right.Requests,
        left.Refused + right.Refused,
        left.Early + right.Early,
        left.EarlyTokens + right.EarlyTokens,
        left.MadeUpTokens + right.MadeUpTokens,
        left.AdmissibleTokens + right.AdmissibleTokens,
        left.ShareTokens + right.ShareTokens,
        left.ChargeTokens + right.ChargeTokens);
}
