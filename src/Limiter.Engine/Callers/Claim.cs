using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;

namespace Limiter.Engine.Callers;

/// <summary>Who a request says it comes from, well-formed but not looked up.</summary>
internal readonly record struct Claim(CredentialHash? Hash, TenantId Tenant, KeyId Key, string? Address)
{
    public bool IsAnonymous => Hash is null && Tenant == default;

    public static Refusal TryRead(in Check check, Policy policy, out Claim claim)
    {
        claim = default;
        CredentialHash? hash = null;
        TenantId tenant = default;
        KeyId key = default;
        if (check.Credential is { } credential)
        {
            if (!CredentialHash.TryCompute(credential, out var computed)) return Refusal.UnknownCredential;
            hash = computed;
        }
        else if (check.Tenant is { } name)
        {
            if (!TenantId.TryParse(name, out tenant)) return Refusal.UnknownTenant;
            if (check.Key is not null && !KeyId.TryParse(check.Key, out key)) return Refusal.UnknownKey;
            if (key.IsNone && policy.RequiresKey) return Refusal.KeyRequired;
        }
        else if (policy.Anonymous is null)
        {
            return Refusal.NoIdentity;
        }
        var anonymous = hash is null && tenant == default;
        if ((anonymous || policy.RequiresIp) && check.Address is null) return Refusal.AddressRequired;
        var address = anonymous || policy.RequiresIp ? ClientAddress.Canonical(check.Address!) : null;
        claim = new Claim(hash, tenant, key, address);
        return Refusal.None;
    }
}
