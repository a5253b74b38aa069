using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tenants;

/// <summary>
/// Changes of keys: of the key's row, of its credentials in partitions of their own, and of what is told of them. The
/// order is such that a crash between leaves a key as it was, or rows that say nothing.
/// </summary>
internal sealed class KeyChanges(
    KeyTable keys, CredentialTable credentials, TenantTable tenants, ChangeTable changes, Gates gates)
{
    public async Task<KeyAddition> AddAsync(KeyRecord key, ChangeRecord? change, CancellationToken cancellation)
    {
        if (await tenants.FindAsync(key.Tenant, cancellation).ConfigureAwait(false) is not { } owner)
            return KeyAddition.NoSuchTenant;
        using var pass = await gates.EnterAsync(owner.Life, cancellation).ConfigureAwait(false);
        if (await keys.FindAsync(owner.Life, key.Key, cancellation).ConfigureAwait(false) is not null)
            return KeyAddition.Exists;
        var credential = new CredentialRow(key.Tenant, key.Key, owner.Life, Stamp.New());
        if (!await credentials.TakeAsync(key.Hash, credential, cancellation).ConfigureAwait(false))
            return KeyAddition.Exists;
        var told = await changes.AddAsync(change, cancellation).ConfigureAwait(false);
        var row = new KeyRow(key, credential.Stamp);
        var addition = await keys.AddAsync(owner.Life, row, cancellation).ConfigureAwait(false);
        if (addition != KeyAddition.Added)
            await credentials.GiveBackAsync(key.Hash, credential, cancellation).ConfigureAwait(false);
        else if (await credentials.KeepAsync(key.Hash, credential, cancellation).ConfigureAwait(false))
            return KeyAddition.Added;
        else
        {
            await keys.RemoveAsync(owner.Life, key.Key, credential.Stamp, cancellation).ConfigureAwait(false);
            var now = await tenants.FindAsync(key.Tenant, cancellation).ConfigureAwait(false);
            addition = now?.Life == owner.Life ? KeyAddition.Exists : KeyAddition.NoSuchTenant;
        }
        await changes.TakeBackAsync(told, cancellation).ConfigureAwait(false);
        return addition;
    }

    /// <remarks>
    /// The new secret's credential is taken first, and says nothing until the key's row has its hash. The old one's
    /// stays, and goes when the next replacement drops its hash.
    /// </remarks>
    public async Task<KeyReplacement> ReplaceAsync(
        KeyRecord before, KeyRecord after, ChangeRecord? change, CancellationToken cancellation)
    {
        if (await tenants.FindAsync(before.Tenant, cancellation).ConfigureAwait(false) is not { } owner)
            return KeyReplacement.Changed;
        using var pass = await gates.EnterAsync(owner.Life, cancellation).ConfigureAwait(false);
        var known = await keys.FindAsync(owner.Life, before.Key, cancellation).ConfigureAwait(false);
        if (known is null || known.Record.Hash != before.Hash) return KeyReplacement.Changed;
        var credential = new CredentialRow(before.Tenant, before.Key, owner.Life, Stamp.New());
        if (!await credentials.TakeAsync(after.Hash, credential, cancellation).ConfigureAwait(false))
            return KeyReplacement.Exists;
        var told = await changes.AddAsync(change, cancellation).ConfigureAwait(false);
        var row = new KeyRow(after, credential.Stamp);
        var replacement = KeyReplacement.Changed;
        if (!await keys.ReplaceAsync(owner.Life, before.Hash, row, cancellation).ConfigureAwait(false))
            await credentials.GiveBackAsync(after.Hash, credential, cancellation).ConfigureAwait(false);
        else if (await credentials.KeepAsync(after.Hash, credential, cancellation).ConfigureAwait(false))
        {
            if (known.Record.Retiring is { } gone && !after.Has(gone.Hash))
                await credentials.RevokeAsync(gone.Hash, owner.Life, before.Key, cancellation).ConfigureAwait(false);
            return KeyReplacement.Replaced;
        }
        else
        {
            var old = known with { Stamp = Stamp.New() };
            await keys.ReplaceAsync(owner.Life, after.Hash, old, cancellation).ConfigureAwait(false);
            replacement = KeyReplacement.Exists;
        }
        await changes.TakeBackAsync(told, cancellation).ConfigureAwait(false);
        return replacement;
    }

    /// <remarks>The credentials go first: from then on the key opens nothing, whatever happens to its row.</remarks>
    public async Task<bool> RemoveAsync(
        TenantId tenant, KeyId key, ChangeRecord? change, CancellationToken cancellation)
    {
        if (await tenants.FindAsync(tenant, cancellation).ConfigureAwait(false) is not { } owner) return false;
        using var pass = await gates.EnterAsync(owner.Life, cancellation).ConfigureAwait(false);
        if (await keys.FindAsync(owner.Life, key, cancellation).ConfigureAwait(false) is not { } row) return false;
        await changes.AddAsync(change, cancellation).ConfigureAwait(false);
        await RevokeAsync(row.Record, owner.Life, cancellation).ConfigureAwait(false);
        await keys.RemoveAsync(owner.Life, key, row.Stamp, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Takes a key's credentials from it.</summary>
    public async Task RevokeAsync(KeyRecord key, string life, CancellationToken cancellation)
    {
        await credentials.RevokeAsync(key.Hash, life, key.Key, cancellation).ConfigureAwait(false);
        if (key.Retiring is { } retiring)
            await credentials.RevokeAsync(retiring.Hash, life, key.Key, cancellation).ConfigureAwait(false);
    }

    public async Task MarkUsedAsync(TenantId tenant, KeyId key, long day, CancellationToken cancellation)
    {
        if (await tenants.FindAsync(tenant, cancellation).ConfigureAwait(false) is { } owner)
            await keys.MarkUsedAsync(owner.Life, key, day, cancellation).ConfigureAwait(false);
    }
}
