using Limiter.Domain;
using Limiter.Processes.Tests.Logs;

namespace Limiter.Processes.Tests;

/// <summary>Clocks set by hand, one process after the other: meanwhile they disagree by up to a month.</summary>
public sealed class ClockTests
{
    private const long SettledMs = 5_000;

    private static readonly string[] Stops =
    [
        "2026-01-01T00:01:00Z", "2026-01-30T23:59:50Z", "2026-01-31T00:00:02Z", "2026-01-31T23:59:50Z",
        "2026-02-01T00:00:02Z",
    ];

    [Fact]
    public async Task Clocks_set_across_midnight_and_the_months_end_leave_every_day_and_month_its_quota()
    {
        var start = Time("2026-01-01T00:00:00Z");
        await using var fleet = await ProcessFleet.StartAsync(3, ["calendar"], clockStart: start);
        var random = new Random(6);
        foreach (var stop in Stops)
        {
            foreach (var edge in fleet.Edges.OrderBy(_ => random.Next()).ToArray())
            {
                await edge.SetClockAsync(Time(stop));
                await AskAllAsync(fleet, random.Next());
            }
            // They agree again, and what any of them held or was denied is over.
            foreach (var edge in fleet.Edges) await edge.SetClockAsync(Time(stop) + SettledMs);
            foreach (var edge in fleet.Edges) await edge.DrainAsync("calendar");
        }
        fleet.ShouldBeWithinEveryLimit();
        var (day, month) = (fleet.NumberOf("calendar", "day"), fleet.NumberOf("calendar", "month"));
        AdmittedBy(fleet, "day", "2026-01-02T00:00:00Z").ShouldBe(day);
        AdmittedBy(fleet, "day", "2026-01-31T00:00:00Z").ShouldBe(day);
        AdmittedBy(fleet, "day", "2026-02-01T00:00:00Z").ShouldBe(month - (2 * day));
        AdmittedBy(fleet, "day", "2026-02-02T00:00:00Z").ShouldBe(day);
        AdmittedBy(fleet, "month", "2026-02-01T00:00:00Z").ShouldBe(month);
    }

    // Several at a time at every process.
    private static Task AskAllAsync(ProcessFleet fleet, int seed) => Task.WhenAll(fleet.Edges.Select(async edge =>
    {
        var random = new Random(seed + edge.Number);
        for (var round = 0; round < 12; round++)
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => edge.CheckAsync("calendar", random.Next(1, 4))));
    }));

    private static long AdmittedBy(ProcessFleet fleet, string limit, string reset) => fleet.Log.From(0)
        .Where(answer => answer.Fate == Fate.Allowed && answer.Resets[limit] == Time(reset))
        .Sum(answer => answer.Cost);

    private static Instant Time(string text) =>
        Instant.From(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}
