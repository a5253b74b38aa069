using Limiter.Domain;
using Limiter.Engine.Clocks;
using Limiter.Sqlite.Usage;

namespace Limiter.Sqlite.Tests;

/// <summary>A store that another program reads while its server writes.</summary>
public sealed class RecordedUsageTests : IDisposable
{
    private static readonly Instant Start = Instant.From(Asks.Start);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new(Asks.Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_read_sees_what_is_committed_and_writes_nothing()
    {
        await using var store = _folder.Open(_clock);
        using var recorded = RecordedUsage.Open(_folder.Path);
        (await recorded.ListTenantsAsync(null, 10, Cancellation)).ShouldBeEmpty();
        await store.Directory.SaveTenantAsync(Records.Tenant("acme"), null, Cancellation);
        await store.Usage.SaveRowsAsync([Records.Row("acme", Start, 5)], Cancellation);
        var tenant = (await recorded.ListTenantsAsync(null, 10, Cancellation)).ShouldHaveSingleItem();
        var before = Bytes();
        var page = await recorded.ListRowsAsync(tenant.Id, Start, Start + 60_000, null, 10, Cancellation);
        page.Items.ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(5);
        Bytes().ShouldBe(before);
    }

    /// <summary>The file, and the log that holds its latest commits.</summary>
    private byte[] Bytes() => [.. File.ReadAllBytes(_folder.File), .. File.ReadAllBytes(_folder.File + "-wal")];

    [Fact]
    public async Task A_store_whose_server_has_stopped_is_read_too()
    {
        await using (var store = _folder.Open(_clock))
            await store.Directory.SaveTenantAsync(Records.Tenant("acme"), null, Cancellation);
        using (var recorded = RecordedUsage.Open(_folder.Path))
            (await recorded.ListTenantsAsync(null, 10, Cancellation)).Count.ShouldBe(1);
        await using var again = _folder.Open(_clock);
        (await again.Directory.ListTenantsAsync(null, 10, Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public void A_folder_without_a_store_stays_without_one()
    {
        Should.Throw<StoreException>(() => RecordedUsage.Open(_folder.Path)).Message
            .ShouldContain("there is no such file");
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("PRAGMA user_version=1", "an older Limiter")]
    [InlineData("PRAGMA user_version=99", "supports up to")]
    [InlineData("PRAGMA application_id=7", "another program's")]
    public async Task A_file_of_another_version_is_refused_and_left_as_it_is(string change, string told)
    {
        await using (_folder.Open(_clock)) { }
        _folder.Execute(change);
        var before = await File.ReadAllBytesAsync(_folder.File, Cancellation);
        Should.Throw<StoreException>(() => RecordedUsage.Open(_folder.Path)).Message.ShouldContain(told);
        (await File.ReadAllBytesAsync(_folder.File, Cancellation)).ShouldBe(before);
    }

    [Fact]
    public async Task A_damaged_row_is_told_with_its_place()
    {
        await using var store = _folder.Open(_clock);
        await store.Usage.SaveRowsAsync([Records.Row("acme", Start, 5)], Cancellation);
        _folder.Execute("UPDATE usage_rows SET sheet = x'63'");
        using var recorded = RecordedUsage.Open(_folder.Path);
        (await Should.ThrowAsync<StoreException>(async () => await recorded.ListRowsAsync(
            Asks.Bucket("acme").Tenant, Start, Start + 60_000, null, 10, Cancellation)))
            .Message.ShouldContain("of the usage of the tenant 'acme'");
    }
}
