using System.Globalization;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Clocks;
using Limiter.Engine.Usage;

namespace Limiter.Bench.Memory;

/// <summary>
/// What a tenant costs an edge in memory: after one check (decided where its bucket is), with a lease, and after it has
/// been idle; and with a lease where its checks are counted by the minute. The directory, the buckets and the usage's
/// store of this report keep nothing, so only the edge's own memory is counted.
/// </summary>
internal static class MemoryReport
{
    private const int DefaultTenants = 100_000;

    public static async Task RunAsync(string[] args)
    {
        var tenants = args.Skip(1).Select(arg => int.TryParse(arg, out var number) ? number : 0).FirstOrDefault(n => n > 0);
        if (tenants == 0) tenants = DefaultTenants;
        var lines = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"| {tenants:N0} tenants | bytes a tenant | MiB | buckets in use |"),
            "|---|---:|---:|---:|",
        };
        await MeasureAsync(tenants, lines, counts: false);
        await MeasureAsync(tenants, lines, counts: true);
        var table = string.Join('\n', lines) + "\n";
        Console.WriteLine(table);
        if (args.Contains("--docs")) Documents.Find().Replace("memory", table);
    }

    private static async Task MeasureAsync(int tenants, List<string> lines, bool counts)
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var file = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "policies", "waqti.json"));
        if (!PolicyFile.TryCompile(file, out var policy, out var errors))
            throw new InvalidOperationException(string.Join('\n', errors));
        var names = Enumerable.Range(0, tenants).Select(i => string.Create(null, $"tenant-{i}")).ToArray();
        await using var usage = counts ? new UsageTally(new EdgeId(1), new ForgetfulUsage(), clock) : null;
        await using var checker = new Checker(
            new PolicyInForce(policy, 1), new EdgeId(1), new EndlessIdentities(), new ForgetfulBuckets(clock), clock,
            usage: usage);
        var decision = new Decision();
        var before = Settled();
        await CheckAllAsync(1);
        if (!counts) Report("after one check each", Settled() - before);
        await CheckAllAsync(3);
        if (counts)
        {
            Report("with a lease each, and its checks counted", Settled() - before);
            return;
        }
        Report("with a lease each", Settled() - before);
        clock.Advance(TimeSpan.FromMinutes(5));
        await Task.Yield();
        clock.Advance(TimeSpan.FromMinutes(5));
        Report("after ten idle minutes", Settled() - before);

        async Task CheckAllAsync(int times)
        {
            foreach (var name in names)
                for (var i = 0; i < times; i++)
                    await checker.CheckAsync(new Check { Tenant = name, Method = "GET", Path = "/" }, decision, default);
        }

        void Report(string when, long bytes) => lines.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"| {when} | {bytes / tenants:N0} | {bytes / 1048576:N0} | {checker.BucketsInUse:N0} |"));
    }

    private static long Settled()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
