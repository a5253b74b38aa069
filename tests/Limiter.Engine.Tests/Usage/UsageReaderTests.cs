using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Usage;

/// <summary>Usage as it is read: every decision once, whatever is summed up and whatever is not saved yet.</summary>
public sealed class UsageReaderTests
{
    private static readonly Instant FirstDay = Instant.From(Edges.Start);

    public static TheoryData<UsageGrain> Grains => [.. Enum.GetValues<UsageGrain>()];

    [Theory]
    [MemberData(nameof(Grains))]
    public async Task What_is_counted_and_not_saved_is_read_at_once_and_once(UsageGrain grain)
    {
        await using var edges = await OfAsync();
        for (var checks = 1; checks <= 20; checks++)
        {
            await edges.CheckAsync(Edges.Get("acme"));
            await ShouldHoldAsync(edges, grain, checks);
        }
        await edges.AdvanceAsync(TimeSpan.FromMinutes(3));
        await ShouldHoldAsync(edges, grain, 20);
    }

    [Theory]
    [MemberData(nameof(Grains))]
    public async Task A_reading_is_whole_at_every_step_of_the_roll_up(UsageGrain grain)
    {
        await using var edges = await OfAsync(edges: 2);
        long checks = 0;
        for (var step = 0; step < 40; step++)
        {
            for (var i = 0; i <= step % 3; i++, checks++) await edges.CheckAsync(Edges.Get("acme"), step % 2);
            await edges.Tally(0).SaveDueAsync(default);
            await edges.AdvanceAsync(TimeSpan.FromMinutes(step % 5 == 0 ? 130 : 17));
            if (step % 3 == 0) await RollerOf(edges).RollAsync(default);
            if (step % 4 == 0) await RollerOf(edges).CloseDaysAsync(default);
            await ShouldHoldAsync(edges, grain, checks);
        }
    }

    [Fact]
    public async Task The_busiest_minute_is_the_same_before_and_after_the_roll_up()
    {
        // The last evening of a month, so that its end is near.
        var evening = Edges.Start.AddDays(30).AddHours(22);
        await using var edges = await OfAsync(edges: 2, evening);
        // One after the other: 2, 5 by two edges, 4.
        foreach (var (first, second) in new[] { (2, 0), (3, 2), (0, 4) })
        {
            for (var i = 0; i < first; i++) await edges.CheckAsync(Edges.Get("acme"));
            for (var i = 0; i < second; i++) await edges.CheckAsync(Edges.Get("acme"), 1);
            await edges.AdvanceAsync(TimeSpan.FromMinutes(20));
        }
        await edges.AdvanceAsync(TimeSpan.FromMinutes(2));
        var peak = new PeakMinute(Instant.From(evening) + 20 * UsagePeriod.MinuteMs, 5);
        UsageGrain[] coarse = [UsageGrain.Hour, UsageGrain.Day, UsageGrain.Month];
        foreach (var grain in coarse) (await EntriesAsync(edges, grain))[0].Sheet.Peak.ShouldBe(peak);
        await edges.AdvanceAsync(TimeSpan.FromHours(2));
        await RollerOf(edges).CloseDaysAsync(default);
        foreach (var grain in coarse)
        {
            var entry = (await EntriesAsync(edges, grain))[0];
            (entry.Sheet.Peak, entry.IsClosed).ShouldBe((peak, true));
        }
        (await EntriesAsync(edges, UsageGrain.Minute)).ShouldAllBe(entry => entry.Sheet.Peak == null);
    }

    [Fact]
    public async Task A_period_is_open_until_it_is_summed_up()
    {
        await using var edges = await OfAsync();
        await edges.CheckAsync(Edges.Get("acme"));
        (await EntriesAsync(edges, UsageGrain.Minute)).ShouldHaveSingleItem().IsClosed.ShouldBeFalse();
        await edges.AdvanceAsync(UsagePeriod.MinuteMs + UsageReader.MinuteGraceMs);
        (await EntriesAsync(edges, UsageGrain.Minute)).ShouldHaveSingleItem().IsClosed.ShouldBeTrue();
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        (await EntriesAsync(edges, UsageGrain.Day)).ShouldHaveSingleItem().IsClosed.ShouldBeFalse();
        await RollerOf(edges).CloseDaysAsync(default);
        var day = (await EntriesAsync(edges, UsageGrain.Day)).ShouldHaveSingleItem();
        (day.IsClosed, day.Charged).ShouldBe((true, 1));
        (await EntriesAsync(edges, UsageGrain.Month)).ShouldHaveSingleItem().IsClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_store_that_takes_no_writes_is_read_without_what_waits()
    {
        await using var edges = await OfAsync();
        await edges.CheckAsync(Edges.Get("acme"));
        await edges.AdvanceAsync(TimeSpan.FromMinutes(2));
        await edges.CheckAsync(Edges.Get("acme"));
        edges.Usage.FailsToSave = true;
        (await EntriesAsync(edges, UsageGrain.Hour)).ShouldHaveSingleItem().Sheet.Total.Checks.ShouldBe(1);
        edges.Usage.FailsToSave = false;
        (await EntriesAsync(edges, UsageGrain.Hour)).ShouldHaveSingleItem().Sheet.Total.Checks.ShouldBe(2);
    }

    [Fact]
    public async Task One_tenant_s_rows_are_saved_when_it_is_read_and_no_other_s()
    {
        await using var edges = await OfAsync();
        await edges.SaveAsync("beta", "big");
        await edges.CheckAsync(Edges.Get("beta"));
        await edges.CheckAsync(Edges.Get("acme"));
        await EntriesAsync(edges, UsageGrain.Minute);
        edges.Usage.RowsSaved.ShouldBe(1);
        await EntriesAsync(edges, UsageGrain.Minute);
        edges.Usage.RowsSaved.ShouldBe(1);
    }

    private static async Task ShouldHoldAsync(Edges edges, UsageGrain grain, long checks)
    {
        (await EntriesAsync(edges, grain)).Sum(entry => entry.Sheet.Total.Checks).ShouldBe(checks);
        var reading = await ReaderOf(edges).OpenAsync(Edges.Tenant("acme"), default);
        // From the middle of a day, and to the middle of an hour: the finer grains fill in.
        var middle = FirstDay + 90 * UsagePeriod.MinuteMs;
        var parts = (await reading.TotalAsync(FirstDay, middle, default)).Total
            + (await reading.TotalAsync(middle, EndOf(edges), default)).Total;
        parts.Checks.ShouldBe(checks);
    }

    // An edge's own counts are read with the store's; the other edges' are there once they are saved.
    private static async Task<List<UsageEntry>> EntriesAsync(Edges edges, UsageGrain grain)
    {
        for (var edge = 1; edge < edges.Count; edge++) await edges.Tally(edge).SaveAsync(Edges.Tenant("acme"), default);
        var reading = await ReaderOf(edges).OpenAsync(Edges.Tenant("acme"), default);
        var entries = new List<UsageEntry>();
        await foreach (var entry in reading.EntriesAsync(
            grain, UsagePeriod.Of(grain, FirstDay).Start, UsagePeriod.From(grain, EndOf(edges)).Start, default))
            entries.Add(entry);
        var starts = entries.ConvertAll(entry => entry.Period.Start);
        starts.ShouldBe(starts.Distinct().Order());
        return entries;
    }

    private static Instant EndOf(Edges edges) => edges.Now + UsagePeriod.DayMs;

    private static UsageReader ReaderOf(Edges edges) => new(edges.Usage, edges.Tally(), edges.Clock);

    private static UsageRoller RollerOf(Edges edges) =>
        new(edges.Usage, edges.Charges, edges.Directory, () => edges.Policy, edges.Clock, edges.Failures.Add);

    private static async Task<Edges> OfAsync(int edges = 1, DateTimeOffset? start = null)
    {
        var made = new Edges(Policies.TenAMinute(), edges, start: start);
        await made.SaveAsync("acme", "big");
        return made;
    }
}
