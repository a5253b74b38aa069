using System.Globalization;
using Harness.Contending;
using Harness.Loading;
using Harness.Reporting;

namespace Harness;

/// <summary>All rounds of all contenders under all workloads.</summary>
internal sealed class Run(RunOptions options)
{
    private const double DeniedShareError = 0.01;
    private const int WarmUpPasses = 2;

    private readonly Place _place = new(
        Environment.GetEnvironmentVariable("BENCH_ROOT") ?? Environment.CurrentDirectory,
        Environment.GetEnvironmentVariable("BENCH_SCRATCH") ?? Directory.CreateTempSubdirectory("limiter-bench-").FullName);

    private readonly Results _results = new(Machine.Describe(options), [], [], []);
    private int _tenants;
    private int _workloads;

    public async Task<int> GoAsync(CancellationToken cancellation)
    {
        try
        {
            Machine.CheckPorts(Catalogue.All.Select(contender => contender.Port).Append(Catalogue.UpstreamPort));
            var planned = Planned().ToArray();
            Console.WriteLine($"{planned.Length} workloads, {MinutesOf(planned):F0} minutes");
            foreach (var (workload, contenders) in planned) await MeasureAsync(workload, contenders, cancellation);
            Publishing.Write(_results, options, _place);
            return 0;
        }
        catch (Exception failure) when (failure is InvalidOperationException or OperationCanceledException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    private IEnumerable<(Workload Workload, Contender[] Contenders)> Planned() =>
        from workload in Workload.All
        where options.Families.Count == 0 || options.Families.Contains(workload.Family)
        where options.Workloads.Count == 0 || options.Workloads.Contains(workload.Name)
        let contenders = Catalogue.All.Where(contender => workload.IsFor(contender)
            && (options.Only.Count == 0 || contender.IsLimiter || options.Only.Contains(contender.Name))).ToArray()
        where contenders.Length > 0
        select (workload, contenders);

    private double MinutesOf(IEnumerable<(Workload Workload, Contender[] Contenders)> planned) => planned.Sum(plan =>
        plan.Contenders.Length * SecondsOfOne(plan.Workload)) / 60;

    private double SecondsOfOne(Workload workload) =>
        (options.Rounds * (LeadInOf(workload) + options.Seconds + 0.3))
        + (WarmUpPasses * options.WarmUpSeconds) + 1.2;

    private int LeadInOf(Workload workload) => Math.Min(workload.LeadInSeconds, options.WarmUpSeconds);

    private async Task MeasureAsync(Workload workload, Contender[] contenders, CancellationToken cancellation)
    {
        Console.WriteLine($"\n{workload.Family}, {workload.Title}");
        var poor = $"poor{_workloads++}";
        await SeedAsync(workload.Pattern == "uniform" ? Seeding.Million : Seeding.Few, cancellation);
        PinnedProcess? upstream = null;
        var running = new List<Running>();
        try
        {
            if (workload.Family == "proxy")
                upstream = PinnedProcess.Start(_place, Catalogue.Upstream(_place), Place.LoadCore);
            foreach (var contender in contenders)
            {
                running.Add(await Running.StartAsync(_place, contender, cancellation));
                if (contender.IsRegistered) await Seeding.RegisterAsync(contender, cancellation);
                _results.Proofs.Add(await LimitProof.MakeAsync(running[^1], poor, cancellation));
            }
            // Twice: what one has begun to compile goes on while the next has its turn, and would while that is measured.
            for (var pass = 0; pass < WarmUpPasses; pass++)
                foreach (var contender in contenders)
                    await Wrk.RunAsync(_place, contender, workload, poor, options.WarmUpSeconds, 0, cancellation);
            for (var round = 0; round < options.Rounds; round++)
                foreach (var contender in Rotated(running, round))
                    await MeasureAsync(workload, contender, poor, round, cancellation);
            foreach (var contender in running)
                _results.Memory.Add(new Memory(
                    workload.Family, workload.Name, contender.Contender.Name, contender.MemoryBytes / 1048576.0));
        }
        finally
        {
            foreach (var contender in running) await contender.DisposeAsync();
            if (upstream is not null) await upstream.DisposeAsync();
        }
    }

    private async Task MeasureAsync(
        Workload workload, Running running, string poor, int number, CancellationToken cancellation)
    {
        if (LeadInOf(workload) is > 0 and var leadIn)
            await Wrk.RunAsync(_place, running.Contender, workload, poor, leadIn, -1 - number, cancellation);
        var (cpu, busy) = (running.CpuSeconds, Machine.BusySeconds(Place.LoadCore));
        var seen = await Wrk.RunAsync(
            _place, running.Contender, workload, poor, options.Seconds, number + 1, cancellation);
        cpu = running.CpuSeconds - cpu;
        busy = Machine.BusySeconds(Place.LoadCore) - busy;
        var seconds = seen.Microseconds / 1e6;
        var round = new Round(
            workload.Family, workload.Name, running.Contender.Name, number, seen.Requests / seconds, seen.P50, seen.P99,
            seen.P999, seen.Most, cpu * 1e6 / seen.Requests, cpu / seconds, Math.Min(1, busy / seconds),
            (double)seen.Denied / seen.Requests, seen.Failed);
        _results.Rounds.Add(round);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {number + 1} {round.Contender,-15} {round.RequestsPerSecond,8:F0}/s  p50 {round.P50,6} p99 {round.P99,6} "
            + $"p99.9 {round.P999,6} us  CPU {round.CpuMicroseconds,6:F1} us  denied {round.DeniedShare:P1}  "
            + $"cores {round.ServerBusy:P0}, {round.LoadCoreBusy:P0}"));
        Check(workload, running.Contender, round);
    }

    // An answer that should not have been one would be measured as if it were.
    private static void Check(Workload workload, Contender contender, Round round)
    {
        var expected = contender.Limits ? workload.DeniedShare : 0;
        if (Math.Abs(round.DeniedShare - expected) > DeniedShareError)
            throw new InvalidOperationException(
                $"{contender.Name} denied {round.DeniedShare:P1} of {workload.Name}, not {expected:P0}.");
        if (round.Failed > 0) Console.WriteLine($"    {round.Failed} requests without an answer");
    }

    private async Task SeedAsync(int tenants, CancellationToken cancellation)
    {
        if (_tenants >= tenants) return;
        await Seeding.FillAsync(_place, _tenants, tenants, cancellation);
        _tenants = tenants;
    }

    // Nobody is always the one after the same neighbour.
    private static IEnumerable<Running> Rotated(List<Running> running, int round) =>
        Enumerable.Range(0, running.Count).Select(i => running[(i + round) % running.Count]);
}
