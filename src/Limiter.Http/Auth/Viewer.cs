using Limiter.Domain;
using Limiter.Domain.Tenants;

namespace Limiter.Http.Auth;

/// <summary>Who holds a viewer's link: may read one tenant's figures and nothing else.</summary>
/// <param name="Tenant">Whose figures.</param>
/// <param name="Until">When the link ends.</param>
/// <param name="Name">Whom the operator made it for; empty for nobody in particular.</param>
public readonly record struct Viewer(TenantId Tenant, Instant Until, string Name);
