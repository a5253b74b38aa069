using Limiter.Domain;
using Limiter.Domain.Tenants;

namespace Limiter.Http.Auth;

/// <summary>Who holds a viewer's link: may read one tenant's figures and nothing else.</summary>
/// <param name="Tenant">Whose figures.</param>
/// <param name="RegisteredAt">
/// When that tenant was registered: one that takes the name later is another.
/// </param>
/// <param name="Until">When the link ends.</param>
/// <param name="Name">Whom the operator made it for; empty for nobody in particular.</param>
public readonly record struct Viewer(TenantId Tenant, Instant RegisteredAt, Instant Until, string Name);
