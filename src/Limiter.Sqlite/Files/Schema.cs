namespace Limiter.Sqlite.Files;

/// <summary>
/// The tables and their versions. A version that was released never changes: a change is a further one.
/// </summary>
internal static class Schema
{
    /// <summary>"LMTR": tells a Limiter store from another program's database.</summary>
    private const long ApplicationId = 0x4C4D5452;

    // buckets has a rowid because its rows are too large for an index's pages. version differs at every save.
    // facts: tenant_version, policy_generation (bytes: the digest), signing_key, time (the latest that was stored).
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
        """;

    // Usage stands by the period that it is summed up into, so that the parts of one are one range: usage_rows of an
    // hour, usage_totals of a day (hours), of a month (days) and of 0 (months). sheet is as UsageCodec writes it, edge
    // has the bits of an edge's id. closed_day and charged are the last day that a bucket told.
    // facts: late_version (the last that usage_late gave).
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
        """;

    // Of keys: kind is a KeyKind, expires and retires are times, used is a day. retiring is the hash of the secret
    // before the last rotation, which works until retires. Of tenants: suspended is the time until which one is, reason
    // why. changes tells who changed what of a tenant; what is a ChangeKind. facts: change_number (the last given).
    private const string Version3 = """
        ALTER TABLE keys ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE keys ADD COLUMN expires INTEGER;
        ALTER TABLE keys ADD COLUMN retiring BLOB;
        ALTER TABLE keys ADD COLUMN retires INTEGER;
        ALTER TABLE keys ADD COLUMN used INTEGER;
        CREATE UNIQUE INDEX keys_retiring ON keys (retiring) WHERE retiring IS NOT NULL;
        ALTER TABLE tenants ADD COLUMN suspended INTEGER;
        ALTER TABLE tenants ADD COLUMN reason TEXT;
        CREATE TABLE changes (
            tenant TEXT NOT NULL,
            number INTEGER NOT NULL,
            what INTEGER NOT NULL,
            subject TEXT NOT NULL,
            at INTEGER NOT NULL,
            by TEXT NOT NULL,
            actor TEXT NOT NULL,
            before TEXT,
            after TEXT,
            reason TEXT,
            PRIMARY KEY (tenant, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX changes_at ON changes (at);
        """;

    // Of alerts: alert is its id, limited the limit's name, kind an AlertKind, state an AlertState; due is null once it
    // does not wait any more. A rule is as AlertRuleCodec writes it. The rows have a rowid, as bodies are too large for
    // an index's pages. facts: alert_rules_version (the last given), summarised_until (a day's end).
    private const string Version4 = """
        CREATE TABLE alert_rules (
            tenant TEXT NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL,
            rule BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE alerts (
            id INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            alert TEXT NOT NULL,
            kind INTEGER NOT NULL,
            at INTEGER NOT NULL,
            body BLOB NOT NULL,
            limited TEXT,
            threshold INTEGER,
            key TEXT,
            state INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            due INTEGER,
            error TEXT,
            version INTEGER NOT NULL,
            UNIQUE (tenant, alert)
        ) STRICT;
        CREATE INDEX alerts_of_tenant ON alerts (tenant, at DESC, alert);
        CREATE INDEX alerts_due ON alerts (due) WHERE due IS NOT NULL;
        CREATE INDEX alerts_at ON alerts (at);
        """;

    // revision: of a row's states the latest stays, whichever comes last.
    private const string Version5 = "ALTER TABLE usage_rows ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;";

    /// <summary>The script at place n brings a file from version n to n + 1.</summary>
    private static readonly string[] Migrations = [Version1, Version2, Version3, Version4, Version5];

    /// <summary>The version that this program writes, and the highest that it reads.</summary>
    public static int Version => Migrations.Length;

    /// <exception cref="StoreException">The file is of a newer version, or another program's.</exception>
    public static void Check(Database database, string file)
    {
        var version = database.Number("PRAGMA user_version");
        if (version > Version)
            throw new StoreException(
                $"{file}: its schema version is {version}, and this Limiter supports up to {Version}. "
                + "Nothing was changed: start the newer Limiter, or give another data folder.");
        var id = database.Number("PRAGMA application_id");
        if (id == ApplicationId) return;
        if (id != 0 || version != 0 || database.Number("SELECT count(*) FROM sqlite_schema") > 0)
            throw new StoreException(
                $"{file}: it is another program's database. Nothing was changed: give another data folder.");
    }

    /// <summary>Brings the file to <see cref="Version"/>, all in one transaction.</summary>
    /// <exception cref="StoreException">Another process migrated the file to a newer version meanwhile.</exception>
    public static void Migrate(Database database, string file)
    {
        if (database.Number("PRAGMA user_version") == Version) return;
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            Check(database, file);
            for (var version = (int)database.Number("PRAGMA user_version"); version < Version; version++)
                database.Execute(Migrations[version]);
            database.Execute(FormattableString.Invariant(
                $"PRAGMA application_id={ApplicationId}; PRAGMA user_version={Version}; COMMIT"));
        }
        finally
        {
            database.Rollback();
        }
    }
}
