using Azure.Core.Pipeline;
using Limiter.Azurite;
using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;
using Limiter.Tables.Usage;

namespace Limiter.Tables.Tests.Usage;

/// <summary>Saves and lists at their bounds: how many requests they take, and that nothing is lost.</summary>
public sealed class SizeTests(AzuriteServer azurite) : IDisposable
{
    private readonly Faults _faults = new();
    private readonly ManualClock _clock = new(Sheets.Hour.Start.ToDateTimeOffset());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _faults.Dispose();

    [Fact]
    public async Task A_thousand_tenants_minute_takes_a_transaction_a_shard()
    {
        var usage = await OpenAsync();
        var tenants = Sheets.Tenants(IUsageStore.SaveMax).ToArray();
        var before = _faults.Sent;
        await usage.SaveRowsAsync(
            [.. tenants.Select(name => Sheets.Row(name, Sheets.Hour.Start, Sheets.Of(3)))], Cancellation);
        (_faults.Sent - before).ShouldBe(Shard.Count);
        before = _faults.Sent;
        await usage.AddTotalsAsync([.. tenants.Select(name => Sheets.Total(name, 3))], Cancellation);
        (_faults.Sent - before).ShouldBe(Shard.Count);
        var expected = tenants.ToDictionary(name => name, _ => 3L);
        (await Sheets.CostsAsync(usage, Sheets.Hour)).ShouldBe(expected, ignoreOrder: true);
        (await Sheets.CostsAsync(usage, Sheets.Hour.In(UsageGrain.Day))).ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task Rows_that_are_late_take_one_more_transaction_a_shard()
    {
        var usage = await OpenAsync();
        _clock.AdvanceTo((Sheets.Hour.End + IUsageStore.LateMs).ToDateTimeOffset());
        var before = _faults.Sent;
        await usage.SaveRowsAsync(
            [.. Sheets.Tenants(500).SelectMany(name => new[] { 1UL, 2UL }.Select(edge =>
                Sheets.Row(name, Sheets.Hour.Start, Sheets.Of(3), edge)))],
            Cancellation);
        (_faults.Sent - before).ShouldBe(2 * Shard.Count);
        (await usage.ListLateAsync(1_000, Cancellation)).Select(late => late.Tenant.Text)
            .ShouldBe(Sheets.Tenants(500), ignoreOrder: true);
    }

    [Fact]
    public async Task The_largest_sheets_go_in_transactions_that_the_service_takes()
    {
        var usage = await OpenAsync();
        UsageCodec.Encode(Sheets.Large(1)).Length.ShouldBeInRange(50_000, UsageCodec.BytesMax);
        var rows = Enumerable.Range(1, 100)
            .Select(edge => Sheets.Row("acme", Sheets.Hour.Start, Sheets.Large(edge), (ulong)edge)).ToArray();
        await usage.SaveRowsAsync(rows, Cancellation);
        (await Sheets.CostsAsync(usage, Sheets.Hour)).ShouldHaveSingleItem().Value.ShouldBe(100 * 101 / 2);
    }

    [Fact]
    public async Task A_row_whose_write_ends_late_is_marked_though_it_began_in_time()
    {
        var usage = await OpenAsync();
        var late = (Sheets.Hour.End + IUsageStore.LateMs).ToDateTimeOffset();
        _faults.Decide = _ =>
        {
            _clock.AdvanceTo(late);
            return null;
        };
        await usage.SaveRowsAsync([Sheets.Row("acme", Sheets.Hour.Start, Sheets.Of(1))], Cancellation);
        (await usage.ListLateAsync(10, Cancellation)).ShouldHaveSingleItem().Hour.ShouldBe(Sheets.Hour.Start);
    }

    [Fact]
    public async Task A_list_goes_on_over_a_long_time_without_rows()
    {
        var usage = await OpenAsync();
        var again = Sheets.Hour.Start + 150 * UsagePeriod.HourMs;
        await usage.SaveRowsAsync(
            [Sheets.Row("acme", Sheets.Hour.Start, Sheets.Of(1)), Sheets.Row("acme", again, Sheets.Of(2))],
            Cancellation);
        var (found, pages, before) = (new List<UsageRow>(), 0, _faults.Sent);
        string? after = null;
        do
        {
            var page = await usage.ListRowsAsync(
                Sheets.Tenant("acme"), Sheets.Hour.Start, again + 1, after, 10, Cancellation);
            found.AddRange(page.Items);
            (after, pages) = (page.Next, pages + 1);
        }
        while (after is not null);
        found.Select(row => row.Minute).ShouldBe([Sheets.Hour.Start, again]);
        (pages, _faults.Sent - before).ShouldBe((3, 151));
    }

    [Fact]
    public async Task Months_are_listed_until_the_end_of_time()
    {
        var usage = await OpenAsync();
        var month = Sheets.Hour.In(UsageGrain.Month);
        await usage.AddTotalsAsync([new UsageTotal(default, month, Sheets.Of(4))], Cancellation);
        var page = await usage.ListTotalsAsync(
            default, UsageGrain.Month, new Instant(0), Instant.Never, null, 10, Cancellation);
        page.Items.ShouldHaveSingleItem().Total.Period.ShouldBe(month);
        page.Next.ShouldBeNull();
    }

    [Fact]
    public async Task A_time_that_does_not_start_with_a_minute_takes_those_that_start_within()
    {
        var usage = await OpenAsync();
        var starts = Enumerable.Range(0, 60).Select(i => Sheets.Hour.Start + i * UsagePeriod.MinuteMs).ToArray();
        await usage.SaveRowsAsync(
            [.. starts.Select(start => Sheets.Row("acme", start, Sheets.Of(1)))], Cancellation);
        var some = await usage.ListRowsAsync(
            Sheets.Tenant("acme"), starts[1] + 1, starts[4] + 1, null, 100, Cancellation);
        some.Items.Select(row => row.Minute).ShouldBe(starts[2..5]);
        var last = await usage.ListRowsAsync(
            Sheets.Tenant("acme"), starts[59] + 1, Sheets.Hour.End + 1, null, 100, Cancellation);
        last.Items.ShouldBeEmpty();
    }

    private async Task<TablesUsage> OpenAsync()
    {
        var usage = TablesStore.Open(
            azurite.ConnectionString,
            new TablesStoreOptions
            {
                Prefix = AzuriteServer.NewName(), AttemptTimeout = TimeSpan.FromSeconds(30),
                Transport = new HttpClientTransport(_faults),
            },
            _clock).Usage;
        await usage.ProgressAsync(UsageGrain.Hour, Cancellation);
        return usage;
    }
}
