using Limiter.Engine.Clocks;

namespace Limiter.Sqlite.Tests;

public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _restored = new();
    private readonly ManualClock _clock = new(Asks.Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _restored.Dispose();
    }

    [Fact]
    public async Task A_backup_of_a_running_store_restores()
    {
        await using (var store = _folder.Open(_clock))
        {
            await store.Buckets.GrantedAsync("acme", 1, 1, 10, 7);
            await store.Directory.SaveTenantAsync(Records.Tenant("acme"), null, Cancellation);
            await store.BackupAsync(_restored.File, Cancellation);
            await store.Buckets.GrantedAsync("acme", 1, 2, 10, 3);
        }
        Directory.GetFiles(_restored.Path).ShouldBe([_restored.File]);
        await using var restored = _restored.Open(_clock);
        (await restored.Directory.FindTenantAsync(Records.Tenant("acme").Id, Cancellation)).ShouldNotBeNull();
        (await restored.Buckets.GrantedAsync("acme", 2, 1, 10, 4)).ShouldBe(0);
        (await restored.Buckets.GrantedAsync("acme", 2, 2, 10, 3)).ShouldBe(3);
    }

    [Fact]
    public async Task A_backup_never_replaces_a_file()
    {
        await using var store = _folder.Open(_clock);
        await File.WriteAllTextAsync(_restored.File, "mine", Cancellation);
        (await Should.ThrowAsync<StoreException>(() => store.BackupAsync(_restored.File, Cancellation)))
            .Message.ShouldContain("exists already");
        (await File.ReadAllTextAsync(_restored.File, Cancellation)).ShouldBe("mine");
    }

    [Fact]
    public async Task A_backup_to_a_folder_that_is_missing_says_so()
    {
        await using var store = _folder.Open(_clock);
        var file = Path.Combine(_restored.Path, "missing", "copy.db");
        (await Should.ThrowAsync<StoreException>(() => store.BackupAsync(file, Cancellation)))
            .Message.ShouldContain(file);
    }
}
