using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Http.Problems;

namespace Limiter.Http.Auth;

/// <summary>Lets the holders of viewers' links in, as long as the tenant is there for which a link was made.</summary>
/// <param name="links">Knows the links that were made.</param>
/// <param name="registeredAt">When a tenant was registered; null for one that there is not.</param>
/// <param name="clock">By which it is told who asks too often.</param>
public sealed class ViewerDoor(
    ViewerLinks links, Func<TenantId, CancellationToken, ValueTask<Instant?>> registeredAt, TimeProvider clock)
{
    internal static readonly Problem NoLink = new(401, ProblemCode.Unauthorized,
        "This viewer's link is not one of this limiter's, or it has ended; the operator can make another.");

    private readonly ViewerPace _pace = new(clock);

    /// <summary>Whether it is a link of here that has not ended by its time; nobody is asked for that.</summary>
    internal bool TryRead(ReadOnlySpan<char> token, out Viewer viewer) => links.TryRead(token, out viewer);

    /// <summary>Null when it does not ask too often, and the tenant is the one for which the link was made.</summary>
    internal async ValueTask<Problem?> RefuseAsync(Viewer viewer, CancellationToken cancellation)
    {
        // First, since a tenant that is not there is asked for every time.
        if (_pace.WaitFor(viewer) is { } seconds) return TooMany(seconds);
        var found = await registeredAt(viewer.Tenant, cancellation).ConfigureAwait(false);
        return found == viewer.RegisteredAt ? null : NoLink;
    }

    private static Problem TooMany(long seconds) => new(429, ProblemCode.TooManyCalls,
        $"A viewer's link asks at most {ViewerPace.CallsASecond} times a second, {ViewerPace.CallsAtOnceMax} at once.")
    {
        RetryAfter = seconds,
    };
}
