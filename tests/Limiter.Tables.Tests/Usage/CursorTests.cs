using Limiter.Azurite;
using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Tables.Usage;

namespace Limiter.Tables.Tests.Usage;

/// <summary>Where a list goes on comes back from outside: nothing but what was given out is taken.</summary>
public sealed class CursorTests(AzuriteServer azurite)
{
    private readonly TablesUsage _usage = TablesStore.Open(
        azurite.ConnectionString, new TablesStoreOptions { Prefix = AzuriteServer.NewName() }, TimeProvider.System)
        .Usage;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Instant From => Sheets.Hour.Start + 5 * UsagePeriod.MinuteMs;

    [Theory]
    [InlineData("")]
    [InlineData("minute!2026010110!02")]
    [InlineData("minute!2026010110!02/acme!05!ab-1/more")]
    [InlineData("minute!2026010110!02/acme' or '1' eq '1")]
    [InlineData("minute!2026010110!02/acme~05!ab-1")]
    [InlineData("minute!2026010110!02/acme!04!ab-1")]
    [InlineData("minute!2026010110!02/beta!05!ab-1")]
    [InlineData("minute!2026010110!03/acme!05!ab-1")]
    [InlineData("minute!2026010109!02/acme!05!ab-1")]
    [InlineData("minute!2026010112!02/acme!05!ab-1")]
    [InlineData("hour!2026010110!02/acme!05!ab-1")]
    [InlineData("minute!now!02/acme!05!ab-1")]
    [InlineData("minute!2026010110/acme!05!ab-1")]
    public async Task A_tenant_s_list_goes_on_only_where_it_said(string after) =>
        await Should.ThrowAsync<ArgumentException>(async () => await _usage.ListRowsAsync(
            Sheets.Tenant("acme"), From, Sheets.Hour.End + 1, after, 10, Cancellation));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("minute!2026010110!02/a/b")]
    [InlineData("minute!2026010110!02/acme'")]
    [InlineData("minute!2026010111!02/acme!05!ab-1")]
    [InlineData("hour!20260101!02/acme!05")]
    [InlineData("late/2026010110!acme")]
    public async Task A_period_s_list_goes_on_only_where_it_said(string after) =>
        await Should.ThrowAsync<ArgumentException>(async () => await _usage.ListPartsAsync(
            Sheets.Hour, after, 10, Cancellation));

    [Theory]
    [InlineData("minute!2026010110!02/acme!05!ab-1")]
    [InlineData("minute!2026010111!02/")]
    public async Task A_place_within_the_list_is_taken_whether_or_not_a_row_stands_there(string after)
    {
        var page = await _usage.ListRowsAsync(
            Sheets.Tenant("acme"), From, Sheets.Hour.End + 1, after, 10, Cancellation);
        (page.Items.Count, page.Next).ShouldBe((0, null));
    }
}
