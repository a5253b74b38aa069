using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Usage;

/// <summary>What every adapter of <see cref="IUsageStore"/> does with the edges' rows.</summary>
public abstract class UsageStoreConformance
{
    protected ManualClock Clock { get; } = new(Times.Start.AddHours(10));

    protected abstract IUsageStore Usage { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected Instant Now => Instant.From(Clock.GetUtcNow());

    [Fact]
    public async Task A_row_comes_back_as_it_was_saved()
    {
        var row = Counted.Row("acme", Now, 1, 7, "POST /contacts/{id} é🙂", revision: 5);
        await Usage.SaveRowsAsync([row], Cancellation);
        var found = (await Counted.RowsAsync(Usage, "acme", Now, Now + 1)).ShouldHaveSingleItem();
        (found with { Sheet = row.Sheet }).ShouldBe(row);
        Counted.ShouldBeAlike(found.Sheet, row.Sheet);
    }

    [Fact]
    public async Task A_repeated_row_changes_nothing_and_a_later_state_of_it_takes_its_place()
    {
        await Usage.SaveRowsAsync([Counted.Row("acme", Now, 1, 7)], Cancellation);
        await Usage.SaveRowsAsync([Counted.Row("acme", Now, 1, 7)], Cancellation);
        (await Counted.RowsAsync(Usage, "acme", Now, Now + 1)).Count.ShouldBe(1);
        await Usage.SaveRowsAsync([Counted.Row("acme", Now, 1, 9, revision: 2)], Cancellation);
        (await Counted.RowsAsync(Usage, "acme", Now, Now + 1)).ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(9);
    }

    [Fact]
    public async Task An_earlier_state_of_a_row_that_comes_late_takes_nothing_back()
    {
        UsageRow[] first = [Counted.Row("acme", Now, 1, 7), Counted.Row("zeta", Now, 1, 3)];
        await Usage.SaveRowsAsync(first, Cancellation);
        // A correction may lower what is counted, so that the lesser is not the earlier.
        await Usage.SaveRowsAsync([Counted.Row("acme", Now, 1, 5, revision: 3)], Cancellation);
        await Usage.SaveRowsAsync(
            [Counted.Row("acme", Now, 1, 6, revision: 2), Counted.Row("zeta", Now, 1, 4, revision: 2),
             Counted.Row("beta", Now, 1, 8, revision: 2)],
            Cancellation);
        await Usage.SaveRowsAsync(first, Cancellation);
        foreach (var (tenant, cost) in new[] { ("acme", 5L), ("zeta", 4L), ("beta", 8L) })
            (await Counted.RowsAsync(Usage, tenant, Now, Now + 1))
                .ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(cost, tenant);
    }

    [Fact]
    public async Task Rows_of_several_writers_of_a_minute_stand_side_by_side()
    {
        await Usage.SaveRowsAsync(
            [Counted.Row("acme", Now, 1, 1), Counted.Row("acme", Now, 2, 2), Counted.Row("acme", Now, 1, 4, number: 2)],
            Cancellation);
        var rows = await Counted.RowsAsync(Usage, "acme", Now, Now + 1);
        rows.Sum(row => row.Sheet.Total.Cost).ShouldBe(7);
        rows.Select(row => row.Writer).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Rows_are_listed_by_tenant_and_time_across_hours_and_pages()
    {
        var start = UsagePeriod.Of(UsageGrain.Hour, Now).Start;
        var rows = Enumerable.Range(0, 300)
            .Select(i => Counted.Row("acme", start + i * UsagePeriod.MinuteMs, 1, i + 1));
        await Usage.SaveRowsAsync(
            [.. rows, Counted.Row("acme-b", start, 1, 5), Counted.Row("", start, 1, 6)], Cancellation);
        var (from, until) = (start + 10 * UsagePeriod.MinuteMs, start + 290 * UsagePeriod.MinuteMs);
        var found = await Counted.RowsAsync(Usage, "acme", from, until, take: 7);
        found.Select(row => row.Sheet.Total.Cost).ShouldBe(Enumerable.Range(11, 280).Select(cost => (long)cost));
        (await Counted.RowsAsync(Usage, "", start, until)).ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(6);
        (await Counted.RowsAsync(Usage, "nobody", start, until)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_hour_with_rows_is_found_from_any_start()
    {
        (await Usage.FirstAsync(UsageGrain.Hour, new Instant(0), Cancellation)).ShouldBeNull();
        var hour = UsagePeriod.Of(UsageGrain.Hour, Now);
        await Usage.SaveRowsAsync(
            [Counted.Row("acme", hour.End, 1, 1), Counted.Row("zeta", hour.Start, 1, 1)], Cancellation);
        (await Usage.FirstAsync(UsageGrain.Hour, new Instant(0), Cancellation)).ShouldBe(hour);
        (await Usage.FirstAsync(UsageGrain.Hour, hour.Start, Cancellation)).ShouldBe(hour);
        (await Usage.FirstAsync(UsageGrain.Hour, hour.End, Cancellation))
            .ShouldBe(UsagePeriod.Of(UsageGrain.Hour, hour.End));
        (await Usage.FirstAsync(UsageGrain.Hour, hour.End + UsagePeriod.HourMs, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task The_parts_of_an_hour_come_tenant_by_tenant_all_of_them_once()
    {
        var hour = UsagePeriod.Of(UsageGrain.Hour, Now);
        var names = Enumerable.Range(0, 40).Select(i => $"t{i}").Append("").ToArray();
        await Usage.SaveRowsAsync(
            [.. names.SelectMany(name => new[]
            {
                Counted.Row(name, hour.Start, 1, 1), Counted.Row(name, hour.Start, 2, 2),
                Counted.Row(name, hour.End + -UsagePeriod.MinuteMs, 1, 4), Counted.Row(name, hour.End, 1, 8),
                Counted.Row(name, hour.Start + -UsagePeriod.MinuteMs, 1, 16),
            })],
            Cancellation);
        var parts = await Counted.PartsAsync(Usage, hour, take: 7);
        var order = parts.Select(part => part.Tenant).ToList();
        Counted.Runs(order).Count().ShouldBe(order.Distinct().Count(), "one tenant's parts follow one another");
        parts.GroupBy(part => part.Tenant.Text).ToDictionary(of => of.Key, of => of.Sum(part => part.Sheet.Total.Cost))
            .ShouldBe(names.ToDictionary(name => name, _ => 7L), ignoreOrder: true);
    }

    [Fact]
    public async Task A_row_of_an_hour_that_ended_long_ago_is_noted_as_late()
    {
        var hour = UsagePeriod.Of(UsageGrain.Hour, Now + -UsagePeriod.HourMs);
        Clock.AdvanceTo((hour.End + IUsageStore.LateMs + -1).ToDateTimeOffset());
        await Usage.SaveRowsAsync([Counted.Row("acme", hour.Start, 1, 1)], Cancellation);
        (await Usage.ListLateAsync(10, Cancellation)).ShouldBeEmpty();
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Usage.SaveRowsAsync(
            [Counted.Row("acme", hour.Start, 2, 1), Counted.Row("", hour.Start, 2, 1)], Cancellation);
        var late = await Usage.ListLateAsync(10, Cancellation);
        late.Select(one => (one.Tenant.Text, one.Hour))
            .ShouldBe([("acme", hour.Start), ("", hour.Start)], ignoreOrder: true);
        foreach (var one in late) await Usage.ForgetLateAsync(one, Cancellation);
        (await Usage.ListLateAsync(10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_late_hour_is_not_forgotten_when_more_came_since_it_was_listed()
    {
        var hour = UsagePeriod.Of(UsageGrain.Hour, Now + -2 * UsagePeriod.HourMs);
        await Usage.SaveRowsAsync([Counted.Row("acme", hour.Start, 1, 1)], Cancellation);
        var listed = (await Usage.ListLateAsync(10, Cancellation)).ShouldHaveSingleItem();
        await Usage.SaveRowsAsync([Counted.Row("acme", hour.Start, 2, 1)], Cancellation);
        await Usage.ForgetLateAsync(listed, Cancellation);
        var again = (await Usage.ListLateAsync(10, Cancellation)).ShouldHaveSingleItem();
        await Usage.ForgetLateAsync(again, Cancellation);
        (await Usage.ListLateAsync(10, Cancellation)).ShouldBeEmpty();
        await Usage.ForgetLateAsync(again, Cancellation);
    }

    [Fact]
    public async Task Saves_and_pages_are_bounded()
    {
        var rows = Enumerable.Range(0, IUsageStore.SaveMax + 1)
            .Select(i => Counted.Row("acme", Now, (ulong)i, 1)).ToList();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Usage.SaveRowsAsync(rows, Cancellation));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Usage.SaveRowsAsync([], Cancellation));
        foreach (var take in new[] { 0, IUsageStore.PageMax + 1 })
            await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Usage.ListRowsAsync(
                Counted.Tenant("acme"), Now, Now + 1, null, take, Cancellation));
        rows.RemoveAt(0);
        await Usage.SaveRowsAsync(rows, Cancellation);
        (await Counted.RowsAsync(Usage, "acme", Now, Now + 1)).Count.ShouldBe(IUsageStore.SaveMax);
    }
}
