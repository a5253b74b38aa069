using Limiter.Domain;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Ports;

/// <summary>
/// The durable register of tenants and their keys. Reads see every completed write of this process; a write is durable
/// when it returns.
/// </summary>
public interface IDirectory : IIdentities
{
    /// <summary>
    /// Tenants in the ordinal order of their names, those after <paramref name="after"/>; at most
    /// <paramref name="take"/> (1 to 1,000).
    /// </summary>
    ValueTask<IReadOnlyList<TenantRecord>> ListTenantsAsync(TenantId? after, int take, CancellationToken cancellation);

    /// <summary>
    /// A tenant's keys in the ordinal order of their names, those after <paramref name="after"/>; at most
    /// <paramref name="take"/> (1 to 1,000).
    /// </summary>
    ValueTask<IReadOnlyList<KeyRecord>> ListKeysAsync(
        TenantId tenant, KeyId? after, int take, CancellationToken cancellation);

    /// <summary>
    /// What was changed of a tenant, the newest first; also of one that is removed.
    /// </summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="before">Only changes of lower numbers; null for the newest.</param>
    /// <param name="since">Only changes of this time or later.</param>
    /// <param name="take">At most so many, 1 to 1,000.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<IReadOnlyList<ChangeRecord>> ListChangesAsync(
        TenantId tenant, long? before, Instant since, int take, CancellationToken cancellation);

    /// <summary>
    /// Saves a tenant if the directory still holds the version that <paramref name="tenant"/> was made from
    /// (<see cref="TenantRecord.Version"/>; 0: it must not exist). Returns the record with its new version, or null
    /// when
    /// another change came between.
    /// </summary>
    /// <param name="tenant">The record.</param>
    /// <param name="change">What is told of it: stored if and only if the tenant is. Null: nothing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<TenantRecord?> SaveTenantAsync(
        TenantRecord tenant, ChangeRecord? change, CancellationToken cancellation);

    /// <summary>Removes a tenant and all its keys.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="version">Only while it has this version; null: whichever it has.</param>
    /// <param name="change">What is told of it; see <see cref="AddKeyAsync"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<TenantRemoval> RemoveTenantAsync(
        TenantId tenant, long? version, ChangeRecord? change, CancellationToken cancellation);

    /// <summary>Adds a key. Nothing is added unless the answer is <see cref="KeyAddition.Added"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="change">
    /// What is told of it; null: nothing. No change is made without being told: a store that cannot do both at once
    /// stores this first, and a crash between leaves a word of a change that was not made.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<KeyAddition> AddKeyAsync(KeyRecord key, ChangeRecord? change, CancellationToken cancellation);

    /// <summary>
    /// Puts a key in the place of itself, with another secret, while the directory holds the secret of
    /// <paramref name="before"/>. The last used day stays the directory's.
    /// </summary>
    /// <param name="before">The key as it was read.</param>
    /// <param name="after">The key as it shall be: of the same name.</param>
    /// <param name="change">What is told of it; see <see cref="AddKeyAsync"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<KeyReplacement> ReplaceKeyAsync(
        KeyRecord before, KeyRecord after, ChangeRecord? change, CancellationToken cancellation);

    /// <summary>False when there is none.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="key">Its name.</param>
    /// <param name="change">What is told of it; see <see cref="AddKeyAsync"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<bool> RemoveKeyAsync(
        TenantId tenant, KeyId key, ChangeRecord? change, CancellationToken cancellation);

    /// <summary>
    /// Tells of a change that is kept elsewhere, like an alert rule, or nowhere, like a link: before it is made, so
    /// that none goes untold. A crash between leaves a word of a change that was not made.
    /// </summary>
    ValueTask TellAsync(ChangeRecord change, CancellationToken cancellation);

    /// <summary>
    /// The generation of a policy file: that of the last one in force when the digest is the same, otherwise one more.
    /// At least 1.
    /// </summary>
    /// <param name="digest">SHA-256 of the compiled policy's source, 32 bytes.</param>
    ValueTask<long> PolicyGenerationAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellation);

    /// <summary>32 random bytes made once, with which check ids are signed by every edge of this directory.</summary>
    ValueTask<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation);
}

public enum KeyAddition
{
    Added,
    NoSuchTenant,

    /// <summary>The tenant has a key of that name, or the secret is in use.</summary>
    Exists,

    /// <summary>The tenant has <see cref="DirectoryBounds.KeysPerTenantMax"/> keys.</summary>
    Full,
}

public enum KeyReplacement
{
    Replaced,

    /// <summary>The key is gone, or has another secret by now.</summary>
    Changed,

    /// <summary>The new secret is in use.</summary>
    Exists,
}

public enum TenantRemoval
{
    Removed,
    NoSuchTenant,

    /// <summary>The tenant has another version.</summary>
    Changed,
}

public static class DirectoryBounds
{
    public const int KeysPerTenantMax = 1_000_000;
    public const int PageMax = 1_000;
}
