using Azure.Data.Tables;
using Limiter.Azurite;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Tables.Usage;

namespace Limiter.Tables.Tests.Usage;

/// <summary>Rows that somebody spoiled are named, whoever comes upon them.</summary>
public sealed class DamageTests(AzuriteServer azurite)
{
    private const string Acme = "minute!2026010110!02";

    private readonly string _prefix = AzuriteServer.NewName();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_stands_where_the_table_s_design_says()
    {
        var usage = Open();
        await usage.SaveRowsAsync([Sheets.Row("acme", Sheets.Hour.End + -60_000, Sheets.Of(1), 0xab)], Cancellation);
        var row = await Table().GetEntityAsync<TableEntity>(Acme, "acme!59!00000000000000ab-1", null, Cancellation);
        UsageCodec.Decode(row.Value.GetBinary("Sheet")).Total.Cost.ShouldBe(1);
    }

    [Theory]
    [InlineData("acme!05!00000000000000ab-1", "not bytes")]
    [InlineData("acme!05!00000000000000ab-1", null)]
    [InlineData("acme!05!00000000000000ab-1", new byte[] { 1, 200, 3 })]
    [InlineData("acme!05!00000000000000ab-1", new byte[] { 99 })]
    [InlineData("acme!05!writer", new byte[] { 1, 0, 0 })]
    [InlineData("acme!05!ab-x", new byte[] { 1, 0, 0 })]
    [InlineData("acme!05", new byte[] { 1, 0, 0 })]
    [InlineData("acme!05!ab-1!more", new byte[] { 1, 0, 0 })]
    [InlineData("acme!05~!ab-1", new byte[] { 1, 0, 0 })]
    public async Task A_damaged_row_is_named_to_its_tenant_s_reader(string row, object? sheet)
    {
        await PutAsync(new TableEntity(Acme, row) { ["Sheet"] = sheet });
        await ShouldNameAsync($"{Acme}/{row}", usage => usage.ListRowsAsync(
            Sheets.Tenant("acme"), Sheets.Hour.Start, Sheets.Hour.End, null, 10, Cancellation).AsTask());
    }

    [Theory]
    [InlineData("acme!75!ab-1", new byte[] { 1, 0, 0 })]
    [InlineData("~0041cme!05!ab-1", new byte[] { 1, 0, 0 })]
    [InlineData("-acme!05!ab-1", new byte[] { 1, 0, 0 })]
    [InlineData("acme!05!ab-1", new byte[0])]
    public async Task A_damaged_row_is_named_to_who_sums_up(string row, byte[] sheet)
    {
        await PutAsync(new TableEntity(Acme, row) { ["Sheet"] = sheet });
        var page = await Open().ListPartsAsync(Sheets.Hour, null, 10, Cancellation);
        var part = page.Items.ShouldHaveSingleItem();
        part.Sheet.Lines.ShouldBeEmpty();
        part.Damage.ShouldNotBeNull().Message.ShouldContain($"{Acme}/{row}");
    }

    [Theory]
    [InlineData("minute!2026013110")]
    [InlineData("minute!2026019910!02")]
    [InlineData("minute!zzzz!02")]
    public async Task A_partition_of_no_hour_is_named_to_who_looks_for_one(string partition)
    {
        await PutAsync(new TableEntity(partition, "acme!05!ab-1"));
        await ShouldNameAsync(partition, usage => usage.FirstAsync(
            UsageGrain.Hour, Sheets.Hour.Start, Cancellation).AsTask());
    }

    [Fact]
    public async Task A_day_whose_charge_is_no_number_is_named()
    {
        var day = Sheets.Hour.In(UsageGrain.Day);
        await Open().AddTotalsAsync(
            [new DailyUsage(Sheets.Tenant("acme"), day.Start, Sheets.Of(1), 5)], Cancellation);
        await Table().UpsertEntityAsync(
            new TableEntity("day!202601!02", "acme!01") { ["Charged"] = "five" }, TableUpdateMode.Merge, Cancellation);
        await ShouldNameAsync("day!202601!02/acme!01", usage => usage.ListTotalsAsync(
            Sheets.Tenant("acme"), UsageGrain.Day, day.Start, day.End, null, 10, Cancellation).AsTask());
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("2026010110!-acme")]
    [InlineData("20260101!acme")]
    public async Task A_mark_of_no_hour_is_named(string row)
    {
        await PutAsync(new TableEntity("late", row));
        await ShouldNameAsync($"late/{row}", usage => usage.ListLateAsync(10, Cancellation).AsTask());
    }

    [Fact]
    public async Task A_progress_that_is_no_time_is_named()
    {
        await PutAsync(new TableEntity("progress", "hour") { ["Until"] = "soon" });
        await ShouldNameAsync("progress/hour", usage => usage.ProgressAsync(UsageGrain.Hour, Cancellation).AsTask());
        await ShouldNameAsync("progress/hour", usage => usage.SaveProgressAsync(
            UsageGrain.Hour, Sheets.Hour.End, Cancellation).AsTask());
    }

    private TablesUsage Open() => TablesStore.Open(
        azurite.ConnectionString, new TablesStoreOptions { Prefix = _prefix }, TimeProvider.System).Usage;

    private TableClient Table() => new(azurite.ConnectionString, _prefix + "usage");

    private async Task PutAsync(TableEntity row)
    {
        await Table().CreateIfNotExistsAsync(Cancellation);
        await Table().AddEntityAsync(row, Cancellation);
    }

    private async Task ShouldNameAsync(string row, Func<TablesUsage, Task> read)
    {
        var failure = await Should.ThrowAsync<StoreUnavailableException>(() => read(Open()));
        failure.Message.ShouldContain(row);
    }
}
