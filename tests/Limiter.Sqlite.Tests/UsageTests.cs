using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Usage;

namespace Limiter.Sqlite.Tests;

/// <summary>What is particular about usage in a file.</summary>
public sealed class UsageTests : IAsyncDisposable
{
    private static readonly Instant Start = Instant.From(Asks.Start);
    private static readonly TenantId Acme = Asks.Bucket("acme").Tenant;

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new(Asks.Start);
    private readonly SqliteStore _store;

    public UsageTests() => _store = _folder.Open(_clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Usage_outlives_a_restart_and_raises_the_latest_time()
    {
        _clock.Advance(TimeSpan.FromMinutes(5));
        using var folder = new TemporaryFolder();
        await using (var store = folder.Open(_clock))
        {
            await store.Usage.SaveRowsAsync([Records.Row("acme", Start, 5)], Cancellation);
            await store.Usage.SaveProgressAsync(UsageGrain.Hour, Start, Cancellation);
        }
        await using var again = folder.Open(_clock);
        again.LatestTime.ShouldBe(Instant.From(_clock.GetUtcNow()));
        (await ListAsync(again, null)).Items.ShouldHaveSingleItem().Writer.Edge.Value.ShouldBe(ulong.MaxValue);
        (await again.Usage.ProgressAsync(UsageGrain.Hour, Cancellation)).ShouldBe(Start);
    }

    [Theory]
    [InlineData("x''")]
    [InlineData("x'63'")]
    [InlineData("substr(sheet, 1, length(sheet) - 1)")]
    [InlineData("sheet || x'00'")]
    public async Task A_damaged_row_is_named_and_the_others_are_listed(string sheet)
    {
        await _store.Usage.SaveRowsAsync(
            [Records.Row("acme", Start, 5), Records.Row("acme", Start + UsagePeriod.HourMs, 6)], Cancellation);
        _folder.Execute(
            $"UPDATE usage_rows SET sheet = CAST({sheet} AS BLOB) WHERE minute = {Start.UnixMilliseconds}");
        (await Should.ThrowAsync<StoreUnavailableException>(async () => await ListAsync(_store, null)))
            .Message.ShouldContain($"Minute {Start.UnixMilliseconds} of the usage of the tenant 'acme'");
        var hour = UsagePeriod.Of(UsageGrain.Hour, Start);
        var part = (await _store.Usage.ListPartsAsync(hour, null, 10, Cancellation)).Items.ShouldHaveSingleItem();
        part.Sheet.Lines.ShouldBeEmpty();
        part.Damage.ShouldNotBeNull().Message.ShouldContain($"Minute {Start.UnixMilliseconds}");
        (await _store.Usage.ListPartsAsync(hour with { Start = hour.End }, null, 10, Cancellation))
            .Items.ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(6);
    }

    [Fact]
    public async Task A_damaged_total_is_named()
    {
        await _store.Usage.AddTotalsAsync([new DailyUsage(Acme, Start, Records.Sheet(5), null)], Cancellation);
        _folder.Execute("UPDATE usage_totals SET sheet = x'0102'");
        (await Should.ThrowAsync<StoreUnavailableException>(async () => await _store.Usage.ListTotalsAsync(
            Acme, UsageGrain.Day, Start, Start + 1, null, 10, Cancellation)))
            .Message.ShouldContain($"Day {Start.UnixMilliseconds} of the usage of the tenant 'acme'");
        _folder.Execute("UPDATE usage_totals SET tenant = 'no name'");
        (await Should.ThrowAsync<StoreUnavailableException>(async () => await _store.Usage.ListPartsAsync(
            UsagePeriod.Of(UsageGrain.Month, Start), null, 10, Cancellation))).Message.ShouldContain("no name");
    }

    [Theory]
    [InlineData("")]
    [InlineData("acme")]
    [InlineData("acme!1!2")]
    [InlineData("acme!1!2!3!4")]
    [InlineData("a cme!1!2!3")]
    [InlineData("acme!-2!2!3")]
    [InlineData("acme!1.5!2!3")]
    [InlineData("acme!1!2!9223372036854775808")]
    [InlineData("acme!9223372036854775807!2!3")]
    public async Task What_is_no_cursor_is_refused(string cursor)
    {
        await Should.ThrowAsync<ArgumentException>(async () => await ListAsync(_store, cursor));
        await Should.ThrowAsync<ArgumentException>(async () => await _store.Usage.ListPartsAsync(
            UsagePeriod.Of(UsageGrain.Hour, Start), cursor, 10, Cancellation));
        await Should.ThrowAsync<ArgumentException>(async () => await _store.Usage.ListTotalsAsync(
            Acme, UsageGrain.Month, Start, Start + 1, cursor, 10, Cancellation));
    }

    [Fact]
    public async Task A_cursor_of_another_tenant_or_without_end_is_refused()
    {
        await Should.ThrowAsync<ArgumentException>(async () => await ListAsync(_store, "beta!1!2!3"));
        await Should.ThrowAsync<ArgumentException>(async () =>
            await ListAsync(_store, $"acme!1!2!{new string('0', 1_000)}3"));
    }

    [Fact]
    public async Task A_tenant_s_cursor_from_before_the_list_shows_nothing_from_before_it()
    {
        await _store.Usage.SaveRowsAsync(
            [Records.Row("acme", Start, 5), Records.Row("acme", Start + UsagePeriod.MinuteMs, 6)], Cancellation);
        (await _store.Usage.ListRowsAsync(
            Acme, Start + UsagePeriod.MinuteMs, Instant.Never, "acme!-1!0!0", 10, Cancellation))
            .Items.ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(6);
    }

    [Fact]
    public async Task A_page_ends_early_when_others_have_used_many_hours()
    {
        var hours = UsageRowTable.WholesMax + 5;
        var rows = Enumerable.Range(0, hours).Select(i => Records.Row("other", Start + i * UsagePeriod.HourMs, 1));
        await _store.Usage.SaveRowsAsync(
            [.. rows, Records.Row("acme", Start + (hours - 1) * UsagePeriod.HourMs, 7)], Cancellation);
        var first = await ListAsync(_store, null);
        first.Items.ShouldBeEmpty();
        var second = await ListAsync(_store, first.Next.ShouldNotBeNull());
        second.Items.ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(7);
        second.Next.ShouldBeNull();
    }

    [Fact]
    public async Task What_comes_uses_the_room_of_what_was_deleted()
    {
        var pages = new List<long>();
        for (var round = 0; round < 4; round++)
        {
            var hour = Start + round * UsagePeriod.HourMs;
            for (var minute = 0; minute < 5; minute++)
                await _store.Usage.SaveRowsAsync(
                    [
                        .. Enumerable.Range(0, IUsageStore.SaveMax).Select(i =>
                            Records.Row($"t{i}", hour + minute * UsagePeriod.MinuteMs, i)),
                    ],
                    Cancellation);
            pages.Add((long)_folder.Scalar("PRAGMA page_count")!);
            while (await _store.Usage.DeleteAsync(
                UsageGrain.Minute, hour + UsagePeriod.HourMs, IUsageStore.PageMax, Cancellation) > 0)
            {
                // Until nothing is left.
            }
        }
        // A page or two of the tree's own.
        pages[^1].ShouldBeLessThanOrEqualTo(pages[0] + 2);
    }

    [Fact]
    public async Task A_deletion_finds_what_is_old_by_the_tables_order_alone()
    {
        await _store.Usage.SaveRowsAsync([Records.Row("acme", Start, 5)], Cancellation);
        foreach (var (table, keys, where) in new[]
        {
            ("usage_rows", "hour, tenant, minute, edge, number", "hour < 5"),
            ("usage_totals", "grain, whole, tenant, start", "grain = 1 AND whole < 5"),
        })
        {
            using var connection = _folder.Connect();
            using var command = connection.CreateCommand();
            command.CommandText = $"EXPLAIN QUERY PLAN DELETE FROM {table} WHERE ({keys}) IN "
                + $"(SELECT {keys} FROM {table} WHERE {where} ORDER BY {keys} LIMIT 10)";
            using var plan = command.ExecuteReader();
            var steps = new List<string>();
            while (plan.Read()) steps.Add(plan.GetString(3));
            steps.ShouldNotBeEmpty();
            steps.ShouldAllBe(step => !step.Contains($"SCAN {table}") && !step.Contains("TEMP B-TREE"));
        }
    }

    [Fact]
    public async Task Totals_of_several_periods_are_not_added_together()
    {
        var hour = UsagePeriod.Of(UsageGrain.Hour, Start);
        await Should.ThrowAsync<ArgumentException>(async () => await _store.Usage.AddTotalsAsync(
            [
                new UsageTotal(Acme, hour, Records.Sheet(1)),
                new UsageTotal(Acme, hour with { Start = hour.End }, Records.Sheet(1)),
            ],
            Cancellation));
        (await _store.Usage.FirstAsync(UsageGrain.Day, default, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task An_hour_that_is_forgotten_and_late_again_has_no_version_that_was_listed()
    {
        _clock.Advance(TimeSpan.FromHours(2));
        await _store.Usage.SaveRowsAsync([Records.Row("acme", Start, 1)], Cancellation);
        var listed = (await _store.Usage.ListLateAsync(10, Cancellation)).ShouldHaveSingleItem();
        await _store.Usage.ForgetLateAsync(listed, Cancellation);
        await _store.Usage.SaveRowsAsync([Records.Row("acme", Start, 2)], Cancellation);
        await _store.Usage.ForgetLateAsync(listed, Cancellation);
        await _store.Usage.ForgetLateAsync(listed with { Version = "none" }, Cancellation);
        (await _store.Usage.ListLateAsync(10, Cancellation)).ShouldHaveSingleItem().Version.ShouldNotBe(listed.Version);
    }

    private static ValueTask<UsagePage<UsageRow>> ListAsync(SqliteStore store, string? after) =>
        store.Usage.ListRowsAsync(Acme, default, Instant.Never, after, 10, Cancellation);
}
