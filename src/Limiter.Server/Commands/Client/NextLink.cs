namespace Limiter.Server.Commands.Client;

/// <summary>The next page, as a <c>Link</c> header tells it (RFC 8288).</summary>
internal static class NextLink
{
    /// <summary>
    /// Path and query of the target with <c>rel="next"</c>; null for none. Another host's is not followed: it would be
    /// sent the key.
    /// </summary>
    public static string? Of(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Link", out var links)) return null;
        foreach (var link in links)
        {
            var end = link.IndexOf('>', StringComparison.Ordinal);
            if (!link.StartsWith('<') || end < 0 || !link[end..].Contains("next", StringComparison.Ordinal)) continue;
            var target = new Uri(response.RequestMessage!.RequestUri!, link[1..end]);
            if (Uri.Compare(target, response.RequestMessage.RequestUri, UriComponents.SchemeAndServer,
                UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0) return target.PathAndQuery;
        }
        return null;
    }
}
