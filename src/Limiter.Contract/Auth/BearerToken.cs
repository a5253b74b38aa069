using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Auth;

/// <summary>The token of <c>Authorization: Bearer …</c> (RFC 6750, section 2.1).</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>False without the header, with another scheme, with two headers, or with an empty token.</summary>
    public static bool TryRead(HttpRequest request, out ReadOnlySpan<char> token)
    {
        token = default;
        var values = request.Headers.Authorization;
        if (values.Count != 1) return false;
        var header = values[0].AsSpan();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        token = header[Scheme.Length..].Trim(' ');
        return !token.IsEmpty;
    }
}
