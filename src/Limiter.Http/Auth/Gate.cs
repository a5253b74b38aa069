using System.Text;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Auth;

/// <summary>
/// Asks for the operator's key. It stands before everything else that a call does, so a caller without a key learns
/// neither what exists nor what is wrong with its request.
/// </summary>
public sealed class Gate(OperatorKey gateway, OperatorKey admin, KeyGuesses guesses)
{
    /// <summary>Where a gateway shows its key when <c>Authorization</c> is its client's.</summary>
    public const string KeyHeader = "X-Limiter-Key";

    private static readonly Problem NoKey = new(401, ProblemCode.Unauthorized,
        "A valid operator key is required: Authorization: Bearer <key>.");

    private static readonly Problem WrongKey = new(403, ProblemCode.Forbidden,
        "This call is the admin key's; the gateway key serves checks, charges, limits and explain.");

    /// <summary>Null when the request may go on.</summary>
    public Problem? Refuse(HttpRequest request, Access access)
    {
        if (access == Access.Anyone) return null;
        if (!TryReadKey(request, access, out var token)) return NoKey;
        var guesser = guesses.GuesserOf(request);
        if (KeyGuesses.Refuse(guesser, token) is { } tooMany) return tooMany;
        var problem = Refuse(token, access);
        if (problem == NoKey) guesser?.Wrong();
        else guesser?.Right(token);
        return problem;
    }

    private Problem? Refuse(ReadOnlySpan<char> token, Access access)
    {
        Span<byte> padded = stackalloc byte[OperatorKey.BytesMax];
        if (!Encoding.UTF8.TryGetBytes(token, padded, out var length)) return NoKey;
        // Both are compared, so that the time taken does not say which of the two it was.
        var isAdmin = admin.Matches(padded, length);
        var isGateway = gateway.Matches(padded, length);
        if (isAdmin) return null;
        if (!isGateway) return NoKey;
        return access == Access.Admin ? WrongKey : null;
    }

    private static bool TryReadKey(HttpRequest request, Access access, out ReadOnlySpan<char> key)
    {
        if (access != Access.Door || request.Headers[KeyHeader] is not { Count: > 0 } values)
            return BearerToken.TryRead(request, out key);
        key = values.Count == 1 ? values[0] : default;
        return !key.IsEmpty;
    }
}
