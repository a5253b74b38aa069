using Limiter.Domain.Escrow;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;

namespace Limiter.Sqlite.Tests;

/// <summary>A store that fails says why, and goes on when it can.</summary>
public sealed class FailureTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStore _store;

    public FailureTests() => _store = TemporaryFolder.Open(
        new ManualClock(Asks.Start),
        new SqliteStoreOptions { Folder = _folder.Path, BusyTimeout = TimeSpan.FromMilliseconds(5), QueueMax = 8 });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_that_another_process_locks_is_unavailable_until_it_is_let_go()
    {
        (await _store.Buckets.GrantedAsync("acme", 1, 1, 10, 4)).ShouldBe(4);
        using (var other = _folder.Connect())
        {
            TemporaryFolder.Execute(other, "BEGIN IMMEDIATE");
            (await Should.ThrowAsync<BucketsUnavailableException>(() => _store.Buckets.GrantedAsync("acme", 2, 1, 10)))
                .Message.ShouldContain("locked by another process");
            _store.Trouble.ShouldNotBeNull().ShouldContain("locked by another process");
            (await Should.ThrowAsync<StoreUnavailableException>(async () =>
                await _store.Directory.SaveTenantAsync(Records.Tenant("acme"), null, Cancellation)))
                .Message.ShouldContain("locked by another process");
            (await _store.Directory.FindTenantAsync(Records.Tenant("acme").Id, Cancellation)).ShouldBeNull();
            TemporaryFolder.Execute(other, "ROLLBACK");
        }
        (await _store.Buckets.GrantedAsync("acme", 2, 2, 10, 6)).ShouldBe(6);
        _store.Trouble.ShouldBeNull();
        (await _store.Buckets.GrantedAsync("acme", 3, 1, 10)).ShouldBe(0);
    }

    [Fact]
    public async Task A_full_disk_refuses_grants_and_keeps_what_was_counted()
    {
        (await _store.Buckets.GrantedAsync("acme", 1, 1, 10, 4)).ShouldBe(4);
        await LimitPagesAsync(1);
        var refused = 0;
        for (var i = 0; i < 200; i++)
        {
            try
            {
                await _store.Buckets.ReserveAsync($"new{i}", 1, 1, 10);
            }
            catch (BucketsUnavailableException failure)
            {
                failure.Message.ShouldContain("disk is full");
                refused++;
            }
        }
        refused.ShouldBeGreaterThan(0);
        await LimitPagesAsync(1_000_000);
        (await _store.Buckets.GrantedAsync("new199", 1, 2, 10, 10)).ShouldBe(10);
        (await _store.Buckets.GrantedAsync("acme", 2, 1, 10, 6)).ShouldBe(6);
        (await _store.Buckets.GrantedAsync("acme", 3, 1, 10)).ShouldBe(0);
    }

    [Fact]
    public async Task A_full_queue_fails_at_once_and_loses_nothing_that_was_taken()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var blocking = _store.Access.ChangeAsync(
            _ =>
            {
                entered.Set();
                release.Wait(Cancellation);
                return 0;
            },
            Cancellation).AsTask();
        entered.Wait(Cancellation);
        var taken = Enumerable.Range(0, 8).Select(i => _store.Buckets.GrantedAsync($"t{i}", 1, 1, 10)).ToArray();
        (await Should.ThrowAsync<BucketsUnavailableException>(() => _store.Buckets.GrantedAsync("acme", 1, 1, 10)))
            .Message.ShouldContain("does not keep up");
        taken.ShouldAllBe(task => !task.IsCompleted);
        release.Set();
        await blocking;
        (await Task.WhenAll(taken)).ShouldAllBe(granted => granted == 1);
        (await _store.Buckets.GrantedAsync("acme", 1, 1, 10)).ShouldBe(1);
    }

    [Fact]
    public async Task A_request_that_nobody_waits_for_any_more_is_not_made()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var blocking = _store.Access.ChangeAsync(
            _ =>
            {
                entered.Set();
                release.Wait(Cancellation);
                return 0;
            },
            Cancellation).AsTask();
        entered.Wait(Cancellation);
        using var source = new CancellationTokenSource();
        var save = _store.Directory.SaveTenantAsync(Records.Tenant("acme"), null, source.Token).AsTask();
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => save);
        release.Set();
        await blocking;
        (await _store.Directory.SaveTenantAsync(Records.Tenant("other"), null, Cancellation)).ShouldNotBeNull();
        (await _store.Directory.FindTenantAsync(Records.Tenant("acme").Id, Cancellation)).ShouldBeNull();
    }

    [Theory]
    [InlineData("x'63'")]
    [InlineData("x''")]
    [InlineData("substr(state, 1, length(state) - 1)")]
    [InlineData("state || x'00'")]
    public async Task A_bucket_that_cannot_be_read_is_unavailable_and_the_others_are_not(string state)
    {
        (await _store.Buckets.GrantedAsync("acme", 1, 1, 10, 4)).ShouldBe(4);
        (await _store.Buckets.GrantedAsync("other", 1, 1, 10, 4)).ShouldBe(4);
        _folder.Execute($"UPDATE buckets SET state = CAST({state} AS BLOB) WHERE bucket = 't:acme:'");
        (await Should.ThrowAsync<BucketsUnavailableException>(() => _store.Buckets.GrantedAsync("acme", 1, 2, 10)))
            .Message.ShouldContain("t:acme:");
        (await _store.Buckets.GrantedAsync("other", 2, 1, 10, 6)).ShouldBe(6);
        (await _store.Buckets.SweepAsync(10, Cancellation)).Deleted.ShouldBe(0);
        _folder.Scalar("SELECT count(*) FROM buckets").ShouldBe(2L);
    }

    [Fact]
    public async Task A_tenant_that_cannot_be_read_is_unavailable_and_the_others_are_not()
    {
        var tenant = (await _store.Directory.SaveTenantAsync(Records.Tenant("acme"), null, Cancellation))!;
        await _store.Directory.SaveTenantAsync(Records.Tenant("other"), null, Cancellation);
        _folder.Execute("UPDATE tenants SET overrides = '{\"minute\":' WHERE tenant = 'acme'");
        await Should.ThrowAsync<StoreUnavailableException>(async () =>
            await _store.Directory.FindTenantAsync(tenant.Id, Cancellation));
        (await _store.Directory.FindTenantAsync(Records.Tenant("other").Id, Cancellation)).ShouldNotBeNull();
        (await _store.Directory.SaveTenantAsync(tenant, null, Cancellation)).ShouldNotBeNull();
        (await _store.Directory.FindTenantAsync(tenant.Id, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task More_buckets_than_memory_keeps_are_read_again()
    {
        using var folder = new TemporaryFolder();
        await using var store = TemporaryFolder.Open(
            new ManualClock(Asks.Start), new SqliteStoreOptions { Folder = folder.Path, CachedBucketsMax = 3 });
        for (var i = 0; i < 20; i++) (await store.Buckets.GrantedAsync($"t{i}", 1, 1, 10, 6)).ShouldBe(6);
        for (var i = 0; i < 20; i++)
            (await store.Buckets.ReserveAsync($"t{i}", 2, 1, 10, 5)).Outcome.ShouldBe(ReserveOutcome.Denied);
    }

    /// <summary>What a full disk looks like to SQLite: the file may not grow beyond so many pages.</summary>
    private async Task LimitPagesAsync(int pages) => await _store.Access.ChangeAsync(
        database => database.Number($"PRAGMA max_page_count={pages}"), Cancellation);
}
