using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Limiter.Http.Dashboard;

/// <summary>Which of the encodings that the page is kept in a browser takes.</summary>
internal static class PageEncoding
{
    public const string Brotli = "br";
    public const string Gzip = "gzip";

    /// <summary>The smaller one of those accepted (RFC 9110, section 12.5.3); null: as it is.</summary>
    public static string? Of(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted)) return null;
        return Takes(accepted, Brotli) ? Brotli : Takes(accepted, Gzip) ? Gzip : null;
    }

    private static bool Takes(IList<StringWithQualityHeaderValue> accepted, string encoding) => accepted.Any(one =>
        one.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && one.Quality is not 0);
}
