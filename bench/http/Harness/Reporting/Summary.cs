using Harness.Contending;
using Harness.Loading;

namespace Harness.Reporting;

/// <summary>What the rounds of one contender under one workload come to, beside Limiter's.</summary>
internal sealed record Summary(
    Workload Workload, string Contender, Spread RequestsPerSecond, double P50, double P99, double P999, double Cpu,
    double MebiBytes, double ServerBusy, double LoadCoreBusy, Spread? Throughput, Spread? CpuRatio)
{
    public static IEnumerable<Summary> Of(Results results, Workload workload) =>
        from contender in Catalogue.All
        where contender.Family == workload.Family
        let own = Rounds(results, workload, contender.Name)
        where own.Count > 0
        select Of(results, workload, contender.Name, own, Rounds(results, workload, "limiter"));

    // A ratio is of the two rounds with the same number, which were measured one soon after the other.
    private static Summary Of(
        Results results, Workload workload, string contender, List<Round> own, List<Round> limiter) => new(
        workload, contender,
        Spread.Of(own.Select(round => round.RequestsPerSecond)),
        Median(own, round => round.P50), Median(own, round => round.P99), Median(own, round => round.P999),
        Median(own, round => round.CpuMicroseconds),
        results.Memory.Single(memory =>
            memory.Family == workload.Family && memory.Workload == workload.Name && memory.Contender == contender)
            .MebiBytes,
        Median(own, round => round.ServerBusy), Median(own, round => round.LoadCoreBusy),
        contender == "limiter" ? null : Paired(limiter, own, round => round.RequestsPerSecond),
        contender == "limiter" ? null : Paired(limiter, own, round => round.CpuMicroseconds));

    private static Spread Paired(List<Round> limiter, List<Round> other, Func<Round, double> value) => Spread.Of(
        limiter.Join(other, mine => mine.Number, theirs => theirs.Number, (mine, theirs) => value(mine) / value(theirs)));

    private static double Median(List<Round> rounds, Func<Round, double> value) => Spread.Of(rounds.Select(value)).Median;

    private static List<Round> Rounds(Results results, Workload workload, string contender) =>
    [
        .. results.Rounds.Where(round => round.Family == workload.Family && round.Workload == workload.Name
            && round.Contender == contender),
    ];
}
