namespace Limiter.Simulation.Auditing;

/// <summary>What the auditor has to say of a world that has ended.</summary>
/// <param name="Findings">The first broken promises, at most 32.</param>
/// <param name="FindingsTotal">How many there were.</param>
/// <param name="Refusals">How many requests were refused, and how many of them early.</param>
/// <param name="Slack">How far the bucket's times were from the true ones.</param>
/// <param name="DegradedTokens">Tokens admitted without a bucket, the only ones allowed above a limit.</param>
public sealed record Verdict(
    IReadOnlyList<Finding> Findings, int FindingsTotal, RefusalCount Refusals, TimeSlack Slack, long DegradedTokens)
{
    public bool IsClean => FindingsTotal == 0;

    public override string ToString() => IsClean
        ? "all promises kept"
        : string.Join(Environment.NewLine, Findings.Select(finding => finding.ToString()))
            + (FindingsTotal > Findings.Count ? $"{Environment.NewLine}and {FindingsTotal - Findings.Count} more" : "");
}
