using System.Text;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Auth;

/// <summary>
/// Asks for the operator's key, or where a call allows it for a viewer's link. It stands before everything else that a
/// call does, so a caller without a key learns neither what exists nor what is wrong with its request.
/// </summary>
/// <param name="gateway">The key of checks.</param>
/// <param name="admin">The key of everything.</param>
/// <param name="guesses">Slows addresses that guess.</param>
/// <param name="viewers">Knows the links that were made.</param>
public sealed class Gate(OperatorKey gateway, OperatorKey admin, KeyGuesses guesses, ViewerLinks viewers)
{
    /// <summary>Where a gateway shows its key when <c>Authorization</c> is its client's.</summary>
    public const string KeyHeader = "X-Limiter-Key";

    private static readonly Problem NoKey = new(401, ProblemCode.Unauthorized,
        "A valid operator key is required: Authorization: Bearer <key>.");

    private static readonly Problem NoLink = new(401, ProblemCode.Unauthorized,
        "This viewer's link is not one of this limiter's, or it has ended; the operator can make another.");

    private static readonly Problem WrongKey = new(403, ProblemCode.Forbidden,
        "This call is the admin key's; the gateway key serves checks, charges, limits and explain.");

    private static readonly Problem WrongViewer = new(403, ProblemCode.Forbidden,
        "A viewer's link reads the usage, the limits (by tenant and key) and the alerts sent of its own tenant.");

    /// <summary>Null when the request may go on.</summary>
    /// <param name="request">The request.</param>
    /// <param name="access">Whose call it is.</param>
    /// <param name="servesViewers">Whether a viewer of the tenant that it is about may make it too.</param>
    public Problem? Refuse(HttpRequest request, Access access, bool servesViewers = false)
    {
        if (access == Access.Anyone) return null;
        if (!TryReadKey(request, access, out var token)) return NoKey;
        var guesser = guesses.GuesserOf(request);
        if (KeyGuesses.Refuse(guesser, token) is { } tooMany) return tooMany;
        var problem = Refuse(request, token, access, servesViewers);
        if (problem == NoKey || problem == NoLink) guesser?.Wrong();
        else guesser?.Right(token);
        return problem;
    }

    private Problem? Refuse(HttpRequest request, ReadOnlySpan<char> token, Access access, bool servesViewers)
    {
        Span<byte> padded = stackalloc byte[OperatorKey.BytesMax];
        if (!Encoding.UTF8.TryGetBytes(token, padded, out var length)) return NoKey;
        // Both are compared, so that the time taken does not say which of the two it was.
        var isAdmin = admin.Matches(padded, length);
        var isGateway = gateway.Matches(padded, length);
        if (isAdmin) return null;
        if (isGateway) return access == Access.Admin ? WrongKey : null;
        return token.StartsWith(ViewerLinks.Prefix, StringComparison.Ordinal)
            ? RefuseViewer(request, token, servesViewers)
            : NoKey;
    }

    private Problem? RefuseViewer(HttpRequest request, ReadOnlySpan<char> token, bool servesViewers)
    {
        if (!viewers.TryRead(token, out var viewer)) return NoLink;
        return servesViewers && ViewerScope.Covers(viewer.Tenant, request) ? null : WrongViewer;
    }

    private static bool TryReadKey(HttpRequest request, Access access, out ReadOnlySpan<char> key)
    {
        if (access != Access.Door || request.Headers[KeyHeader] is not { Count: > 0 } values)
            return BearerToken.TryRead(request, out key);
        key = values.Count == 1 ? values[0] : default;
        return !key.IsEmpty;
    }
}
