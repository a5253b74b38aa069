using Limiter.Domain.Tenants;

namespace Limiter.Engine.Ports;

/// <summary>
/// What a check asks of the directory: who a caller is. Every member throws <see cref="StoreUnavailableException"/>
/// when nobody can be asked.
/// </summary>
public interface IIdentities
{
    ValueTask<TenantRecord?> FindTenantAsync(TenantId tenant, CancellationToken cancellation);

    ValueTask<KeyRecord?> FindKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation);

    ValueTask<KeyRecord?> FindCredentialAsync(CredentialHash hash, CancellationToken cancellation);

    /// <summary>
    /// Notes that a key was used on a day, unless a later or the same day is noted. Nothing when there is no such key.
    /// Whoever notes it by itself when it is asked for a key in use has nothing to do here.
    /// </summary>
    ValueTask MarkKeyUsedAsync(TenantId tenant, KeyId key, long day, CancellationToken cancellation) =>
        ValueTask.CompletedTask;
}
