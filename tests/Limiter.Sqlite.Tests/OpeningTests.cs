using Limiter.Domain;
using Limiter.Engine.Clocks;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Tests;

public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new(Asks.Start);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_store_has_this_program_s_schema_version_and_a_write_ahead_log()
    {
        await using (_folder.Open(_clock))
        {
            _folder.Scalar("PRAGMA user_version").ShouldBe((long)Schema.Version);
            _folder.Scalar("PRAGMA journal_mode").ShouldBe("wal");
        }
    }

    [Fact]
    public async Task A_closed_store_is_one_file_and_opens_again()
    {
        await using (var store = _folder.Open(_clock)) await store.Buckets.GrantedAsync("acme", 1, 1, 10, 10);
        Directory.GetFiles(_folder.Path).ShouldBe([_folder.File]);
        await using var again = _folder.Open(_clock);
        (await again.Buckets.GrantedAsync("acme", 2, 1, 10)).ShouldBe(0);
    }

    [Fact]
    public async Task The_latest_time_outlives_a_restart()
    {
        await using (var store = _folder.Open(_clock))
        {
            store.LatestTime.ShouldBeNull();
            await store.Buckets.GrantedAsync("acme", 1, 1, 10);
            _clock.Advance(TimeSpan.FromMinutes(5));
            await store.Buckets.GrantedAsync("acme", 1, 2, 10);
        }
        await using var again = _folder.Open(new ManualClock(Asks.Start));
        again.LatestTime.ShouldBe(Instant.From(_clock.GetUtcNow()));
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_refused_and_left_untouched()
    {
        await using (_folder.Open(_clock)) { }
        _folder.Execute("PRAGMA user_version=99");
        var before = await File.ReadAllBytesAsync(_folder.File, TestContext.Current.CancellationToken);
        var failure = Should.Throw<StoreException>(() => _folder.Open(_clock));
        failure.Message.ShouldContain("99");
        failure.Message.ShouldContain($"supports up to {Schema.Version}");
        failure.Message.ShouldContain(_folder.File);
        (await File.ReadAllBytesAsync(_folder.File, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public void Another_program_s_database_is_refused_and_left_untouched()
    {
        _folder.Execute("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
        var before = File.ReadAllBytes(_folder.File);
        Should.Throw<StoreException>(() => _folder.Open(_clock)).Message.ShouldContain("another program's database");
        File.ReadAllBytes(_folder.File).ShouldBe(before);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_untouched()
    {
        var text = string.Concat(Enumerable.Repeat("This is not a database. ", 400));
        File.WriteAllText(_folder.File, text);
        var failure = Should.Throw<StoreException>(() => _folder.Open(_clock));
        failure.Message.ShouldContain("not a database");
        failure.Message.ShouldContain(_folder.File);
        File.ReadAllText(_folder.File).ShouldBe(text);
    }

    [Fact]
    public async Task A_missing_folder_is_made_but_not_its_parents()
    {
        var inner = Path.Combine(_folder.Path, "data");
        await using (TemporaryFolder.Open(_clock, new SqliteStoreOptions { Folder = inner }))
            Directory.Exists(inner).ShouldBeTrue();
        var deep = Path.Combine(_folder.Path, "mistyped", "data");
        Should.Throw<StoreException>(() => TemporaryFolder.Open(_clock, new SqliteStoreOptions { Folder = deep }))
            .Message.ShouldContain("does not exist");
        Directory.Exists(deep).ShouldBeFalse();
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused()
    {
        var file = Path.Combine(_folder.Path, "data");
        File.WriteAllText(file, "");
        Should.Throw<StoreException>(() => TemporaryFolder.Open(_clock, new SqliteStoreOptions { Folder = file }))
            .Message.ShouldContain("is a file");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused_with_its_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs Unix permissions.");
        var folder = _folder.Path;
        // No permission stops a privileged user, but nobody can make a file in /proc.
        if (Environment.IsPrivilegedProcess && Directory.Exists("/proc/self")) folder = "/proc/self";
        else if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var options = new SqliteStoreOptions { Folder = folder };
            var failure = Should.Throw<StoreException>(() => TemporaryFolder.Open(_clock, options));
            failure.Message.ShouldContain(folder);
            failure.Message.ShouldContain("permissions");
        }
        finally
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(
                    _folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Many_stores_may_make_one_file_at_the_same_time()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _folder.Open(_clock))));
        foreach (var store in stores)
            (await store.Buckets.GrantedAsync("acme", 1, 1, 10, 3)).ShouldBe(3);
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task The_tables_hold_no_secret()
    {
        await using var store = _folder.Open(_clock);
        _folder.Scalar("SELECT group_concat(name) FROM pragma_table_info('keys')")
            .ShouldBe("tenant,key,label,hash,created,kind,expires,retiring,retires,used");
    }
}
