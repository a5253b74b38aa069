using System.Collections.Immutable;

namespace Limiter.Server.Demo;

/// <summary>A made-up customer.</summary>
/// <param name="Name">Its name in the directory.</param>
/// <param name="Contract">What it uses.</param>
/// <param name="Plan">What it bought.</param>
/// <param name="Keys">Its programs, the busiest first.</param>
/// <param name="Daily">About how many requests it sends on a working day, bursts aside.</param>
/// <param name="PeakHour">When it sends most; 0 to 23, UTC.</param>
/// <param name="Bursts">About how many bursts it has on a working day.</param>
internal sealed record DemoTenant(
    string Name, DemoContract Contract, string Plan, ImmutableArray<string> Keys, double Daily, int PeakHour,
    double Bursts)
{
    public const int Count = 200;

    /// <summary>Requests of the busiest tenant on a working day; the others follow Zipf.</summary>
    private const double Busiest = 1_400;

    private static readonly string[] First =
    [
        "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven", "indigo", "juniper", "kestrel", "lumen",
        "maple", "north", "ocean", "pine", "quartz", "river", "summit", "tidal",
    ];

    private static readonly string[] Second =
        ["bakery", "books", "clinic", "freight", "labs", "legal", "media", "motors", "schools", "tools"];

    private static readonly string[] Programs = ["production", "mobile", "ci", "reports"];

    /// <summary>All of them, the busiest first; the same for the same seed.</summary>
    public static ImmutableArray<DemoTenant> All(int seed)
    {
        var random = new Random(seed);
        var names = (from first in First from second in Second select $"{first}-{second}").ToArray();
        random.Shuffle(names);
        return [.. names.Select((name, rank) => New(name, rank, random))];
    }

    private static DemoTenant New(string name, int rank, Random random)
    {
        var contract = DemoContract.All[rank % DemoContract.All.Length];
        // Most buy the cheapest; some of those have outgrown it, which is what an operator wants to see.
        var plan = contract.Plans[random.Next(4) == 0 ? contract.Plans.Length - 1 : 0];
        return new DemoTenant(
            name, contract, plan, [.. Programs.Take(random.Next(1, Programs.Length + 1))], Busiest / (rank + 1),
            PeakHour: (random.Next(8, 17) + (random.Next(6) == 0 ? 10 : 0)) % 24,
            Bursts: random.Next(3) == 0 ? random.NextDouble() * 1.5 : 0);
    }
}
