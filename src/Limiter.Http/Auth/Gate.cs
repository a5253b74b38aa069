using System.Text;
using Limiter.Described;
using Limiter.Http.Problems;
using Limiter.Http.Proxy;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Auth;

/// <summary>
/// Asks for the operator's key, or where a call allows it for a viewer's link. It stands before everything else that a
/// call does, so a caller without a key learns neither what exists nor what is wrong with its request.
/// </summary>
/// <param name="gateway">The key of checks.</param>
/// <param name="admin">The key of everything.</param>
/// <param name="proxy">Where a client's address is found.</param>
/// <param name="guesses">Slows addresses that guess.</param>
/// <param name="viewers">Lets the holders of viewers' links in.</param>
public sealed class Gate(
    OperatorKey gateway, OperatorKey admin, ProxyOptions proxy, KeyGuesses guesses, ViewerDoor viewers)
{
    /// <summary>Where a gateway shows its key when <c>Authorization</c> is its client's.</summary>
    public const string KeyHeader = "X-Limiter-Key";

    private static readonly Problem NoKey = new(401, ProblemCode.Unauthorized,
        "A valid operator key is required: Authorization: Bearer <key>.");

    private static readonly Problem WrongKey = new(403, ProblemCode.Forbidden,
        "This call is the admin key's; the gateway key serves checks, charges, limits and explain.");

    private static readonly Problem WrongViewer = new(403, ProblemCode.Forbidden,
        "A viewer's link reads the usage, the limits (by tenant and key) and the alerts sent of its own tenant.");

    /// <summary>Null when the request may go on; a viewer's, once <see cref="RefuseAsync"/> says so too.</summary>
    /// <param name="request">The request.</param>
    /// <param name="access">Whose call it is.</param>
    /// <param name="servesViewers">Whether a viewer of the tenant that it is about may make it too.</param>
    /// <param name="viewer">Whose link it shows; null when it shows a key, or needs none.</param>
    public Problem? Refuse(HttpRequest request, Access access, bool servesViewers, out Viewer? viewer)
    {
        viewer = null;
        if (access == Access.Anyone) return null;
        if (!TryReadKey(request, access, out var token)) return NoKey;
        var guesser = guesses.GuesserAt(ProxyCaller.AddressOf(request, proxy));
        if (KeyGuesses.Refuse(guesser, token) is { } tooMany) return tooMany;
        var holder = HolderOf(token, out var read);
        if (holder == KeyHolder.Nobody)
        {
            guesser?.Wrong();
            return IsLink(token) ? ViewerDoor.NoLink : NoKey;
        }
        guesser?.Right(token, holder);
        if (holder == KeyHolder.Admin) return null;
        if (holder == KeyHolder.Gateway) return access == Access.Admin ? WrongKey : null;
        if (!servesViewers || !ViewerScope.Covers(read.Tenant, request)) return WrongViewer;
        viewer = read;
        return null;
    }

    /// <summary>
    /// Null when the viewer may be answered: it does not ask too often, and its tenant is the one that it was.
    /// </summary>
    public ValueTask<Problem?> RefuseAsync(Viewer viewer, CancellationToken cancellation) =>
        viewers.RefuseAsync(viewer, cancellation);

    private KeyHolder HolderOf(ReadOnlySpan<char> token, out Viewer viewer)
    {
        viewer = default;
        Span<byte> padded = stackalloc byte[OperatorKey.BytesMax];
        if (!Encoding.UTF8.TryGetBytes(token, padded, out var length)) return KeyHolder.Nobody;
        // Both are compared, so that the time taken does not say which of the two it was.
        var isAdmin = admin.Matches(padded, length);
        var isGateway = gateway.Matches(padded, length);
        if (isAdmin) return KeyHolder.Admin;
        if (isGateway) return KeyHolder.Gateway;
        return IsLink(token) && viewers.TryRead(token, out viewer) ? KeyHolder.Viewer : KeyHolder.Nobody;
    }

    private static bool IsLink(ReadOnlySpan<char> token) =>
        token.StartsWith(ViewerLinks.Prefix, StringComparison.Ordinal);

    private static bool TryReadKey(HttpRequest request, Access access, out ReadOnlySpan<char> key)
    {
        if (access != Access.Door || request.Headers[KeyHeader] is not { Count: > 0 } values)
            return BearerToken.TryRead(request, out key);
        key = values.Count == 1 ? values[0] : default;
        return !key.IsEmpty;
    }
}
