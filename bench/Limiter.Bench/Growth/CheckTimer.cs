using System.Diagnostics;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;

namespace Limiter.Bench.Growth;

/// <summary>
/// Times checks that are decided from leases: batches of them, each check drawn at random, of which the median counts and
/// the fastest and slowest are told. Bytes are those of this thread.
/// </summary>
internal static class CheckTimer
{
    public static readonly IReadOnlyList<string> Columns =
        ["ns a check", "fastest batch", "slowest batch", "bytes a check"];

    private const int Batches = 15;
    private const int ChecksPerBatch = 100_000;
    // Once to find the tenant and its bucket, once to get a lease.
    private const int WarmUpPasses = 2;
    private const int WarmUpMin = 500_000;

    /// <summary>Measures, and ends the edge: its timers would take part in the next measurement.</summary>
    public static async Task<CurvePoint> MeasureAsync(Checker checker, Check[] checks)
    {
        await using (checker) return Measure(checker, checks);
    }

    private static CurvePoint Measure(Checker checker, Check[] checks)
    {
        var decision = new Decision();
        for (var i = 0L; i < Math.Max(WarmUpMin, (long)checks.Length * WarmUpPasses); i++)
            checker.Decide(checks[i % checks.Length], decision);
        if (decision.Outcome != Outcome.Allowed)
            throw new InvalidOperationException($"A check was {decision.Outcome}: {decision.Refusal}.");
        var (times, bytes, draw) = (new double[Batches], 0L, 1u);
        for (var batch = 0; batch < Batches; batch++)
        {
            var (allocated, began) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            for (var i = 0; i < ChecksPerBatch; i++)
            {
                unchecked { draw = (draw * 1_664_525) + 1_013_904_223; }
                checker.Decide(checks[(int)((ulong)draw * (ulong)checks.Length >> 32)], decision);
            }
            times[batch] = Stopwatch.GetElapsedTime(began).TotalNanoseconds / ChecksPerBatch;
            bytes += GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
        Array.Sort(times);
        return new CurvePoint(
            checks.Length, [times[Batches / 2], times[0], times[^1], (double)bytes / Batches / ChecksPerBatch]);
    }
}
