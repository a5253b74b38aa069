using Azure.Data.Tables;
using Limiter.Domain.Tenants;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tenants;

/// <summary>
/// The credentials' rows, each in its own partition. An addition takes the credential, writes the key's row, and keeps
/// the credential; a crash between leaves a row that says nothing, and the next addition takes it over. Keeping is a
/// write of its own so that whoever saw the key's row missing, and takes the credential over just then, fails.
/// </summary>
internal sealed class CredentialTable(StoredTable table, KeyTable keys, TimeProvider clock)
{
    /// <summary>The key that a credential is.</summary>
    public async Task<KeyRecord?> FindAsync(CredentialHash hash, CancellationToken cancellation)
    {
        var row = await FindRowAsync(hash, cancellation).ConfigureAwait(false);
        return row is null ? null : await KeyOfAsync(CredentialRow.Read(row), hash, cancellation).ConfigureAwait(false);
    }

    /// <summary>False when the credential is another key.</summary>
    public async Task<bool> TakeAsync(CredentialHash hash, CredentialRow credential, CancellationToken cancellation)
    {
        var taken = credential.ToEntity(hash);
        for (var attempts = new Attempts("a credential", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await FindRowAsync(hash, cancellation).ConfigureAwait(false);
            if (row is null)
            {
                if (await table.AddAsync(taken, cancellation).ConfigureAwait(false) == WriteOutcome.Done) return true;
                continue;
            }
            var known = CredentialRow.Read(row);
            if (known.Stamp == credential.Stamp) return true;
            if (await KeyOfAsync(known, hash, cancellation).ConfigureAwait(false) is not null) return false;
            var outcome = await table.ReplaceAsync(taken, row.ETag, cancellation).ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return true;
        }
    }

    /// <summary>False when an addition of another key has taken the credential over, or the tenant went.</summary>
    public async Task<bool> KeepAsync(CredentialHash hash, CredentialRow credential, CancellationToken cancellation)
    {
        for (var attempts = new Attempts("a credential", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await FindRowAsync(hash, cancellation).ConfigureAwait(false);
            var known = row is null ? null : CredentialRow.Read(row);
            if (row is null || known?.IsOf(credential.Life, credential.Key) != true) return false;
            // By an earlier attempt whose answer was lost, or by another addition of the same key.
            if (known.Kept) return true;
            var kept = credential with { Kept = true };
            var outcome = await table.ReplaceAsync(kept.ToEntity(hash), row.ETag, cancellation).ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return true;
        }
    }

    /// <summary>Gives a credential back after an addition failed, unless another one has made the same key.</summary>
    public Task GiveBackAsync(CredentialHash hash, CredentialRow credential, CancellationToken cancellation) =>
        DeleteAsync(hash, credential.Life, credential.Key, evenOfKey: false, cancellation);

    /// <summary>Takes a key's credential from it.</summary>
    public Task RevokeAsync(CredentialHash hash, string life, KeyId key, CancellationToken cancellation) =>
        DeleteAsync(hash, life, key, evenOfKey: true, cancellation);

    private async Task DeleteAsync(
        CredentialHash hash, string life, KeyId key, bool evenOfKey, CancellationToken cancellation)
    {
        for (var attempts = new Attempts("a credential", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await FindRowAsync(hash, cancellation).ConfigureAwait(false);
            if (row is null) return;
            var known = CredentialRow.Read(row);
            if (!known.IsOf(life, key)) return;
            if (!evenOfKey && await KeyOfAsync(known, hash, cancellation).ConfigureAwait(false) is not null) return;
            var outcome = await table.DeleteAsync(row, cancellation).ConfigureAwait(false);
            if (outcome is WriteOutcome.Done or WriteOutcome.Missing) return;
        }
    }

    private async Task<KeyRecord?> KeyOfAsync(
        CredentialRow credential, CredentialHash hash, CancellationToken cancellation)
    {
        var key = await keys.FindAsync(credential.Life, credential.Key, cancellation).ConfigureAwait(false);
        return key?.Record.Has(hash) == true ? key.Record : null;
    }

    private Task<TableEntity?> FindRowAsync(CredentialHash hash, CancellationToken cancellation) =>
        table.FindAsync(CredentialRow.PartitionOf(hash), CredentialRow.RowKey, cancellation);
}
