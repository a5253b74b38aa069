using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Running;

/// <summary>What came of a world.</summary>
/// <param name="Scenario">Its kind.</param>
/// <param name="Seed">Which of its kind.</param>
/// <param name="Verdict">What the auditor says.</param>
/// <param name="Sent">Checks that clients sent.</param>
/// <param name="Checks">Checks that were answered.</param>
/// <param name="Unreachable">Checks refused because no bucket could be reached.</param>
/// <param name="Digest">The same for the same seed, whatever the machine.</param>
/// <param name="Failures">Exceptions that escaped, and refusals that make no sense.</param>
/// <param name="LengthMs">Simulated milliseconds.</param>
internal sealed record WorldResult(
    string Scenario, ulong Seed, Verdict Verdict, long Sent, long Checks, long Unreachable, ulong Digest,
    IReadOnlyList<string> Failures, long LengthMs)
{
    public bool IsClean => Verdict.IsClean && Failures.Count == 0;

    public override string ToString() =>
        $"{Scenario} {Seed}: {Checks} checks, {(IsClean ? "all promises kept" : Told())}";

    private string Told() => string.Join(
        Environment.NewLine, Failures.Prepend("").Concat(Verdict.IsClean ? [] : [Verdict.ToString()])
            .Append(
                "Replay: dotnet run --project tests/Limiter.Simulation -c Release -- "
                + $"--world {Seed} --scenario {Scenario} --timeline"));
}
