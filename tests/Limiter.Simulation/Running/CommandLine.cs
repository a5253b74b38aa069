using System.Diagnostics;
using System.Globalization;
using Limiter.Simulation.Breaking;
using Limiter.Simulation.Scenarios;

namespace Limiter.Simulation.Running;

/// <summary>Runs worlds from a terminal: one to replay it, or many to look for one that fails.</summary>
internal static class CommandLine
{
    private const string Usage = """
        --world SEED [--scenario NAME] [--timeline]   replays one world
        --world SEED --broken NAME [--timeline]   the same with a part of the product broken on purpose
        --worlds N [--minutes M] [--from SEED] [--scenario NAME]   runs many; prints the table of early refusals
        """;

    public static int Run(string[] args, TextWriter output)
    {
        var scenario = Value(args, "--scenario") is { } name ? Catalogue.Find(name) : null;
        var broken = Value(args, "--broken") is { } how ? Breakages.Find(how) : null;
        if (broken is not null) scenario = Catalogue.Find(broken.Scenario);
        if (Value(args, "--world") is { } world) return Replay(Seed(world), scenario, broken, args, output);
        if (Value(args, "--worlds") is not { } worlds)
        {
            output.WriteLine(Usage);
            return 2;
        }
        var minutes = double.Parse(Value(args, "--minutes") ?? "1440", CultureInfo.InvariantCulture);
        return RunMany(Seed(Value(args, "--from") ?? "1"), Seed(worlds), minutes, scenario, output);
    }

    private static int Replay(
        ulong seed, Scenario? scenario, Breakage? broken, string[] args, TextWriter output)
    {
        var write = args.Contains("--timeline") ? output.WriteLine : (Action<string>?)null;
        var result = new World(scenario ?? Catalogue.Of(seed), seed, write, broken).Run();
        output.WriteLine(result);
        return result.IsClean ? 0 : 1;
    }

    private static int RunMany(ulong first, ulong count, double minutes, Scenario? scenario, TextWriter output)
    {
        var table = new RefusalTable();
        var watch = Stopwatch.StartNew();
        var (run, failed) = (0UL, 0);
        for (; run < count && watch.Elapsed.TotalMinutes < minutes; run++)
        {
            if (RunsClean(scenario ?? Catalogue.Of(first + run), first + run, table, output)) continue;
            failed++;
        }
        output.WriteLine(table);
        var perSecond = table.Checks / watch.Elapsed.TotalSeconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run} worlds, {table.Checks} checks, {perSecond:F0} a second; {failed} worlds broke a promise."));
        return failed == 0 ? 0 : 1;
    }

    // A world that reaches a bound of the simulator breaks off; the others go on, and it can be replayed.
    private static bool RunsClean(Scenario scenario, ulong seed, RefusalTable table, TextWriter output)
    {
        try
        {
            var result = new World(scenario, seed).Run();
            table.Add(result);
            if (!result.IsClean) output.WriteLine(result);
            return result.IsClean;
        }
        catch (InvalidOperationException failure)
        {
            output.WriteLine($"{scenario.Name} {seed}: broke off: {failure.Message}");
            return false;
        }
    }

    private static string? Value(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static ulong Seed(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}
