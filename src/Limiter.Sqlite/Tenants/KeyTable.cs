using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Tenants;

/// <summary>The rows of the keys, each with the hash of its secret, and each tenant's count of them.</summary>
internal static class KeyTable
{
    private const string Columns = "tenant, key, label, hash, created, kind, expires, retiring, retires, used";
    private const string SelectOne = $"SELECT {Columns} FROM keys WHERE tenant = ?1 AND key = ?2";
    private const string SelectByHash = $"SELECT {Columns} FROM keys WHERE hash = ?1 OR retiring = ?1";
    private const string SelectPage =
        $"SELECT {Columns} FROM keys WHERE tenant = ?1 AND key > ?2 ORDER BY key LIMIT ?3";
    private const string Insert =
        $"INSERT INTO keys ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    private const string Update = """
        UPDATE keys SET label = ?3, hash = ?4, created = ?5, kind = ?6, expires = ?7, retiring = ?8, retires = ?9,
            used = ?10
        WHERE tenant = ?1 AND key = ?2
        """;
    private const string UpdateUsed =
        "UPDATE keys SET used = ?3 WHERE tenant = ?1 AND key = ?2 AND (used IS NULL OR used < ?3)";
    private const string DeleteOne = "DELETE FROM keys WHERE tenant = ?1 AND key = ?2";
    private const string DeleteSome = """
        DELETE FROM keys WHERE tenant = ?1 AND key IN (SELECT key FROM keys WHERE tenant = ?1 LIMIT ?2)
        """;
    private const string SelectCount = "SELECT keys FROM tenants WHERE tenant = ?1";
    private const string UpdateCount = "UPDATE tenants SET keys = keys + ?2 WHERE tenant = ?1";

    public static KeyRecord? Find(Database database, TenantId tenant, KeyId key)
    {
        using var run = database.Start(SelectOne).Bind(1, tenant.Text).Bind(2, key.Text);
        return run.Step() ? Read(run) : null;
    }

    public static KeyRecord? Find(Database database, CredentialHash hash)
    {
        using var run = database.Start(SelectByHash).Bind(1, hash.ToArray());
        return run.Step() ? Read(run) : null;
    }

    public static List<KeyRecord> Page(Database database, TenantId tenant, KeyId? after, int take)
    {
        using var run = database.Start(SelectPage).Bind(1, tenant.Text).Bind(2, after?.Text ?? "").Bind(3, take);
        var keys = new List<KeyRecord>();
        while (run.Step()) keys.Add(Read(run));
        return keys;
    }

    public static KeyAddition Add(Database database, KeyRecord key, int keysMax)
    {
        long count;
        using (var run = database.Start(SelectCount).Bind(1, key.Tenant.Text))
        {
            if (!run.Step()) return KeyAddition.NoSuchTenant;
            count = run.Int64(0);
        }
        if (Find(database, key.Tenant, key.Key) is not null || Find(database, key.Hash) is not null)
            return KeyAddition.Exists;
        if (count >= keysMax) return KeyAddition.Full;
        Save(database, Insert, key);
        Count(database, key.Tenant, 1);
        return KeyAddition.Added;
    }

    public static KeyReplacement Replace(Database database, KeyRecord before, KeyRecord after)
    {
        if (Find(database, before.Tenant, before.Key) is not { } known || known.Hash != before.Hash)
            return KeyReplacement.Changed;
        if (Find(database, after.Hash) is not null) return KeyReplacement.Exists;
        Save(database, Update, after with { LastUsedDay = known.LastUsedDay });
        return KeyReplacement.Replaced;
    }

    public static void MarkUsed(Database database, TenantId tenant, KeyId key, long day)
    {
        using var run = database.Start(UpdateUsed).Bind(1, tenant.Text).Bind(2, key.Text).Bind(3, day);
        run.Run();
    }

    public static bool Remove(Database database, TenantId tenant, KeyId key)
    {
        using var run = database.Start(DeleteOne).Bind(1, tenant.Text).Bind(2, key.Text);
        if (run.Run() == 0) return false;
        Count(database, tenant, -1);
        return true;
    }

    /// <summary>Removes at most <paramref name="take"/> of a tenant's keys; returns how many.</summary>
    public static int RemoveSome(Database database, TenantId tenant, int take)
    {
        using var run = database.Start(DeleteSome).Bind(1, tenant.Text).Bind(2, take);
        var removed = run.Run();
        Count(database, tenant, -removed);
        return removed;
    }

    private static void Save(Database database, string statement, KeyRecord key)
    {
        using var run = database.Start(statement);
        run.Bind(1, key.Tenant.Text).Bind(2, key.Key.Text).Bind(3, key.Label).Bind(4, key.Hash.ToArray())
            .Bind(5, key.CreatedAt.UnixMilliseconds).Bind(6, (long)key.Kind)
            .Bind(7, key.ExpiresAt?.UnixMilliseconds).Bind(9, key.Retiring?.Until.UnixMilliseconds)
            .Bind(10, key.LastUsedDay);
        // What is not bound is null.
        if (key.Retiring is { } retiring) run.Bind(8, retiring.Hash.ToArray());
        run.Run();
    }

    private static void Count(Database database, TenantId tenant, int change)
    {
        using var run = database.Start(UpdateCount).Bind(1, tenant.Text).Bind(2, change);
        run.Run();
    }

    private static KeyRecord Read(Execution row)
    {
        if (!TenantId.TryParse(row.Text(0), out var tenant) || !KeyId.TryParse(row.Text(1), out var key)
            || row.Blob(3).Length != CredentialHash.Bytes)
            throw new FormatException($"the key {row.Text(1)} of the tenant {row.Text(0)} cannot be read");
        return new KeyRecord(tenant, key, row.Text(2), CredentialHash.Read(row.Blob(3)), new Instant(row.Int64(4)))
        {
            Kind = (KeyKind)row.Int64(5),
            ExpiresAt = row.IsNull(6) ? null : new Instant(row.Int64(6)),
            Retiring = row.Blob(7).Length != CredentialHash.Bytes
                ? null
                : new RetiringSecret(CredentialHash.Read(row.Blob(7)), new Instant(row.Int64(8))),
            LastUsedDay = row.IsNull(9) ? null : row.Int64(9),
        };
    }
}
