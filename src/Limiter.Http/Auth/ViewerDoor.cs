using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Http.Problems;

namespace Limiter.Http.Auth;

/// <summary>Lets the holders of viewers' links in, as long as the tenant is there for which a link was made.</summary>
/// <param name="links">Knows the links that were made.</param>
/// <param name="registeredAt">When a tenant was registered; null for one that there is not.</param>
public sealed class ViewerDoor(
    ViewerLinks links, Func<TenantId, CancellationToken, ValueTask<Instant?>> registeredAt)
{
    internal static readonly Problem NoLink = new(401, ProblemCode.Unauthorized,
        "This viewer's link is not one of this limiter's, or it has ended; the operator can make another.");

    /// <summary>Whether it is a link of here that has not ended by its time; nobody is asked for that.</summary>
    internal bool TryRead(ReadOnlySpan<char> token, out Viewer viewer) => links.TryRead(token, out viewer);

    /// <summary>Null when the tenant is the one for which the link was made.</summary>
    internal async ValueTask<Problem?> RefuseAsync(Viewer viewer, CancellationToken cancellation) =>
        await registeredAt(viewer.Tenant, cancellation).ConfigureAwait(false) == viewer.RegisteredAt ? null : NoLink;
}
