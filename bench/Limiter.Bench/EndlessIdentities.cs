using System.Collections.Immutable;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Bench;

/// <summary>
/// Knows every tenant, on the plan <c>basic</c>, and every key, and keeps nothing: so that only an edge's own memory and
/// time is measured.
/// </summary>
internal sealed class EndlessIdentities : IIdentities
{
    public ValueTask<TenantRecord?> FindTenantAsync(TenantId tenant, CancellationToken cancellation) => new(
        new TenantRecord(
            tenant, "basic", 1, default, ImmutableDictionary<LimitId, long>.Empty,
            ImmutableDictionary<LimitId, Adjustment>.Empty));

    public ValueTask<KeyRecord?> FindKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation) =>
        new(CredentialHash.TryCompute(key.Text, out var hash) ? new KeyRecord(tenant, key, "", hash, default) : null);

    public ValueTask<KeyRecord?> FindCredentialAsync(CredentialHash hash, CancellationToken cancellation) => default;
}
