using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Tests;

/// <summary>Files of earlier versions, as those left them.</summary>
public sealed class MigrationTests : IDisposable
{
    private const string Version1 = """
        CREATE TABLE buckets (
            id INTEGER PRIMARY KEY,
            bucket TEXT NOT NULL UNIQUE,
            version INTEGER NOT NULL,
            state BLOB NOT NULL
        ) STRICT;
        CREATE TABLE tenants (
            tenant TEXT NOT NULL PRIMARY KEY,
            plan TEXT NOT NULL,
            version INTEGER NOT NULL,
            created INTEGER NOT NULL,
            overrides TEXT NOT NULL,
            adjustments TEXT NOT NULL,
            keys INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE keys (
            tenant TEXT NOT NULL REFERENCES tenants (tenant),
            key TEXT NOT NULL,
            label TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE,
            created INTEGER NOT NULL,
            PRIMARY KEY (tenant, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE facts (
            name TEXT NOT NULL PRIMARY KEY,
            number INTEGER NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE remembered_checks (
            id TEXT NOT NULL PRIMARY KEY,
            fingerprint BLOB NOT NULL,
            answer BLOB NOT NULL,
            at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX remembered_checks_at ON remembered_checks (at);
        PRAGMA application_id=1280136274;
        PRAGMA user_version=1;
        """;

    private const string Version2 = """
        CREATE TABLE usage_rows (
            hour INTEGER NOT NULL,
            tenant TEXT NOT NULL,
            minute INTEGER NOT NULL,
            edge INTEGER NOT NULL,
            number INTEGER NOT NULL,
            sheet BLOB NOT NULL,
            PRIMARY KEY (hour, tenant, minute, edge, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE usage_totals (
            grain INTEGER NOT NULL,
            whole INTEGER NOT NULL,
            tenant TEXT NOT NULL,
            start INTEGER NOT NULL,
            version INTEGER NOT NULL,
            charged INTEGER,
            sheet BLOB NOT NULL,
            PRIMARY KEY (grain, whole, tenant, start)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE usage_late (
            hour INTEGER NOT NULL,
            tenant TEXT NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY (hour, tenant)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE usage_progress (
            grain INTEGER PRIMARY KEY,
            until INTEGER NOT NULL
        ) STRICT;
        ALTER TABLE buckets ADD COLUMN closed_day INTEGER;
        ALTER TABLE buckets ADD COLUMN charged INTEGER;
        PRAGMA user_version=2;
        """;

    // A tenant with a key, a check, and a bucket of ten a minute that granted four to edge 7 on 2026-01-01T00:00:00Z.
    private const string Data1 = """
        INSERT INTO tenants VALUES ('acme', 'basic', 3, 1767225600000, '{}', '{}', 1);
        INSERT INTO keys VALUES ('acme', 'k1', 'one', zeroblob(32), 1767225600000);
        INSERT INTO facts VALUES ('tenant_version', 3, x''), ('time', 1767225600000, x'');
        INSERT INTO remembered_checks VALUES ('c1', x'01', x'02', 1767225600000);
        INSERT INTO buckets VALUES (1, 't:acme:', 77, CAST(x'0180d0eab6b73301010204406461790100010000010000066d'
            || x'696e75746500e0d40300000001000b80d0eab6b733040000000000000180d0eab6b7330400000000000001010701010102'
            || x'000002a09c010004000000040000000200904e000000' AS BLOB));
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new(Asks.Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_version_1_keeps_all_that_it_holds()
    {
        _folder.Execute(Version1);
        _folder.Execute(Data1);
        await using var store = _folder.Open(_clock);
        _folder.Scalar("PRAGMA user_version").ShouldBe((long)Schema.Version);
        store.LatestTime.ShouldBe(Instant.From(Asks.Start));
        var tenant = Asks.Bucket("acme").Tenant;
        (await store.Directory.FindTenantAsync(tenant, Cancellation)).ShouldNotBeNull().Version.ShouldBe(3);
        (await store.Directory.ListKeysAsync(tenant, null, 10, Cancellation))
            .ShouldHaveSingleItem().Label.ShouldBe("one");
        (await store.RememberedChecks.LoadAsync(Instant.From(Asks.Start), 10, Cancellation))
            .ShouldHaveSingleItem().Id.ShouldBe("c1");
        (await store.Buckets.GrantedAsync("acme", 8, 1, 10, 7)).ShouldBe(0);
        (await store.Buckets.GrantedAsync("acme", 8, 2, 10, 6)).ShouldBe(6);
    }

    [Fact]
    public async Task A_file_of_version_1_counts_usage_from_then_on()
    {
        _folder.Execute(Version1);
        _folder.Execute(Data1);
        await using var store = _folder.Open(_clock);
        await store.Usage.SaveRowsAsync([Records.Row("acme", Instant.From(Asks.Start), 5)], Cancellation);
        (await store.Usage.FirstAsync(UsageGrain.Hour, default, Cancellation))
            .ShouldBe(UsagePeriod.Of(UsageGrain.Hour, Instant.From(Asks.Start)));
        _clock.Advance(TimeSpan.FromDays(1));
        (await store.Buckets.CloseDayAsync(Asks.Bucket("acme"), Instant.From(Asks.Start), Cancellation)).ShouldBe(4);
    }

    [Fact]
    public async Task A_file_of_version_2_has_keys_without_an_end_and_tells_of_changes_from_then_on()
    {
        _folder.Execute(Version1);
        _folder.Execute(Version2);
        _folder.Execute(Data1.Replace("'k1', 'one', zeroblob(32)", "'k1', 'one', CAST(x'01' || zeroblob(31) AS BLOB)")
            .Replace("buckets VALUES", "buckets (id, bucket, version, state) VALUES"));
        await using var store = _folder.Open(_clock);
        var tenant = Asks.Bucket("acme").Tenant;
        var key = (await store.Directory.ListKeysAsync(tenant, null, 10, Cancellation)).ShouldHaveSingleItem();
        (key.Kind, key.ExpiresAt, key.Retiring, key.LastUsedDay).ShouldBe((KeyKind.Live, null, null, null));
        (await store.Directory.FindTenantAsync(tenant, Cancellation))!.Suspension.ShouldBeNull();
        (await store.Directory.ListChangesAsync(tenant, null, default, 10, Cancellation)).ShouldBeEmpty();
        var rotated = key with
        {
            Hash = CredentialHash.Read(new byte[CredentialHash.Bytes]),
            Retiring = new RetiringSecret(key.Hash, Instant.Never),
        };
        var change = new ChangeRecord(
            tenant, ChangeKind.KeyRotated, key.Key.Text, Instant.From(Asks.Start), "admin", "");
        (await store.Directory.ReplaceKeyAsync(key, rotated, change, Cancellation)).ShouldBe(KeyReplacement.Replaced);
        (await store.Directory.FindCredentialAsync(key.Hash, Cancellation)).ShouldBe(rotated);
        (await store.Directory.ListChangesAsync(tenant, null, default, 10, Cancellation)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_migrated_file_has_the_tables_of_a_new_one(int version)
    {
        _folder.Execute(Version1);
        if (version == 2) _folder.Execute(Version2);
        await using (_folder.Open(_clock)) { }
        using var other = new TemporaryFolder();
        await using (other.Open(_clock)) { }
        const string tables = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
        _folder.Scalar(tables).ShouldBe(other.Scalar(tables));
    }
}
