using Limiter.Domain.Tenants;

namespace Limiter.Engine.Ports;

/// <summary>
/// The durable register of tenants and their keys. Reads see every completed write of this process; a write is durable
/// when it returns.
/// </summary>
public interface IDirectory
{
    ValueTask<TenantRecord?> FindTenantAsync(TenantId tenant, CancellationToken cancellation);

    ValueTask<KeyRecord?> FindKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation);

    ValueTask<KeyRecord?> FindCredentialAsync(CredentialHash hash, CancellationToken cancellation);

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
    /// Saves a tenant if the directory still holds the version that <paramref name="tenant"/> was made from
    /// (<see cref="TenantRecord.Version"/>; 0: it must not exist). Returns the record with its new version, or null
    /// when
    /// another change came between.
    /// </summary>
    ValueTask<TenantRecord?> SaveTenantAsync(TenantRecord tenant, CancellationToken cancellation);

    /// <summary>Removes a tenant and all its keys. False when there is none.</summary>
    ValueTask<bool> RemoveTenantAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>Adds a key. Nothing is added unless the answer is <see cref="KeyAddition.Added"/>.</summary>
    ValueTask<KeyAddition> AddKeyAsync(KeyRecord key, CancellationToken cancellation);

    /// <summary>False when there is none.</summary>
    ValueTask<bool> RemoveKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation);

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

public static class DirectoryBounds
{
    public const int KeysPerTenantMax = 1_000_000;
    public const int PageMax = 1_000;
}
