using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;

namespace Limiter.Sqlite.Tests;

/// <summary>Several stores on one file stand for several processes.</summary>
public sealed class SharingTests : IDisposable
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new(Asks.Start);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Processes_that_share_a_file_never_grant_more_than_the_limit()
    {
        const int limit = 300;
        await using var first = OpenPatiently();
        await using var second = OpenPatiently();
        SqliteStore[] stores = [first, second];
        var granted = await Task.WhenAll(Enumerable.Range(1, 16).Select(edge => Task.Run(async () =>
        {
            var sum = 0L;
            for (var number = 1; number <= 40; number++)
                sum += await stores[edge % 2].Buckets.GrantedAsync("acme", (ulong)edge, number, limit);
            return sum;
        })));
        granted.Sum().ShouldBe(limit);
    }

    [Fact]
    public async Task What_another_process_changed_is_seen_at_the_next_request()
    {
        await using var first = OpenPatiently();
        await using var second = OpenPatiently();
        (await first.Buckets.GrantedAsync("acme", 1, 1, 10, 4)).ShouldBe(4);
        (await second.Buckets.GrantedAsync("acme", 2, 1, 10, 6)).ShouldBe(6);
        (await first.Buckets.GrantedAsync("acme", 1, 2, 10)).ShouldBe(0);
    }

    [Fact]
    public async Task A_bucket_that_another_process_swept_starts_anew()
    {
        await using var first = OpenPatiently();
        await using var second = OpenPatiently();
        (await first.Buckets.GrantedAsync("acme", 1, 1, 10, 10)).ShouldBe(10);
        _clock.Advance(TimeSpan.FromDays(3));
        (await second.Buckets.SweepAsync(10, TestContext.Current.CancellationToken)).Deleted.ShouldBe(1);
        (await first.Buckets.GrantedAsync("acme", 2, 1, 10, 10)).ShouldBe(10);
        (await second.Buckets.GrantedAsync("acme", 3, 1, 10)).ShouldBe(0);
    }

    [Fact]
    public async Task Of_processes_that_save_one_tenant_exactly_one_wins()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var first = OpenPatiently();
        await using var second = OpenPatiently();
        var tenant = (await first.Directory.SaveTenantAsync(Records.Tenant("acme"), null, cancellation))!;
        var saved = await Task.WhenAll(
            Task.Run(async () => await first.Directory.SaveTenantAsync(tenant with { Plan = "a" }, null, cancellation)),
            Task.Run(async () =>
                await second.Directory.SaveTenantAsync(tenant with { Plan = "b" }, null, cancellation)));
        saved.Count(record => record is not null).ShouldBe(1);
        var signing = await first.Directory.SigningKeyAsync(cancellation);
        (await second.Directory.SigningKeyAsync(cancellation)).ToArray().ShouldBe(signing.ToArray());
    }

    [Fact]
    public async Task A_row_that_is_not_as_it_was_read_is_decided_again_a_bounded_number_of_times()
    {
        await using var store = OpenPatiently();
        (await store.Buckets.GrantedAsync("acme", 1, 1, 10, 4)).ShouldBe(4);
        // As if somebody else were always faster: no update finds its row.
        _folder.Execute("CREATE TRIGGER faster BEFORE UPDATE ON buckets BEGIN SELECT RAISE(IGNORE); END");
        (await Should.ThrowAsync<BucketsUnavailableException>(() => store.Buckets.GrantedAsync("acme", 1, 2, 10)))
            .Message.ShouldContain("another process");
        _folder.Execute("DROP TRIGGER faster");
        (await store.Buckets.GrantedAsync("acme", 2, 1, 10, 6)).ShouldBe(6);
        (await store.Buckets.GrantedAsync("acme", 3, 1, 10)).ShouldBe(0);
    }

    private SqliteStore OpenPatiently() => TemporaryFolder.Open(
        _clock, new SqliteStoreOptions { Folder = _folder.Path, BusyTimeout = Patient });
}
