using Limiter.Domain;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Remotes;

/// <summary>Who a remote edge's caller is.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Key">The key that was named, or whose secret it was; none when a tenant alone was named.</param>
/// <param name="EndsAt">The first moment at which that key or secret opens nothing any more.</param>
public sealed record RemoteIdentity(TenantRecord Tenant, KeyId Key, Instant EndsAt);
