using System.Collections.Immutable;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Bench;

/// <summary>
/// Knows every tenant, on the plan <c>basic</c>, and every key, and keeps nothing: so that only an edge's own memory and
/// time is measured.
/// </summary>
internal sealed class EndlessDirectory : IDirectory
{
    public ValueTask<TenantRecord?> FindTenantAsync(TenantId tenant, CancellationToken cancellation) => new(
        new TenantRecord(
            tenant, "basic", 1, default, ImmutableDictionary<LimitId, long>.Empty,
            ImmutableDictionary<LimitId, Adjustment>.Empty));

    public ValueTask<KeyRecord?> FindKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation) =>
        new(CredentialHash.TryCompute(key.Text, out var hash) ? new KeyRecord(tenant, key, "", hash, default) : null);

    public ValueTask<KeyRecord?> FindCredentialAsync(CredentialHash hash, CancellationToken cancellation) => default;

    public ValueTask<IReadOnlyList<TenantRecord>> ListTenantsAsync(
        TenantId? after, int take, CancellationToken cancellation) => new([]);

    public ValueTask<IReadOnlyList<KeyRecord>> ListKeysAsync(
        TenantId tenant, KeyId? after, int take, CancellationToken cancellation) => new([]);

    public ValueTask<IReadOnlyList<ChangeRecord>> ListChangesAsync(
        TenantId tenant, long? before, Limiter.Domain.Instant since, int take, CancellationToken cancellation) =>
        new([]);

    public ValueTask<TenantRecord?> SaveTenantAsync(
        TenantRecord tenant, ChangeRecord? change, CancellationToken cancellation) => new(tenant);

    public ValueTask<TenantRemoval> RemoveTenantAsync(
        TenantId tenant, long? version, ChangeRecord? change, CancellationToken cancellation) =>
        new(TenantRemoval.NoSuchTenant);

    public ValueTask<KeyAddition> AddKeyAsync(
        KeyRecord key, ChangeRecord? change, CancellationToken cancellation) => new(KeyAddition.NoSuchTenant);

    public ValueTask<KeyReplacement> ReplaceKeyAsync(
        KeyRecord before, KeyRecord after, ChangeRecord? change, CancellationToken cancellation) =>
        new(KeyReplacement.Changed);

    public ValueTask<bool> RemoveKeyAsync(
        TenantId tenant, KeyId key, ChangeRecord? change, CancellationToken cancellation) => new(false);

    public ValueTask MarkKeyUsedAsync(TenantId tenant, KeyId key, long day, CancellationToken cancellation) => default;

    public ValueTask<long> PolicyGenerationAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellation) => new(1);

    public ValueTask<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation) => new(new byte[32]);
}
