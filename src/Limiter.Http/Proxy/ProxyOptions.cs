namespace Limiter.Http.Proxy;

/// <summary>Where the proxy forwards to, and how it knows its callers.</summary>
public sealed record ProxyOptions
{
    /// <summary>
    /// The one place that requests go to: http or https, with a base path if need be. Null: no proxy.
    /// </summary>
    public Uri? Upstream { get; init; }

    /// <summary>
    /// The header that holds the caller's credential, all of its value. Null, the default: <c>Authorization:
    /// Bearer</c>. Whichever it is, it is forwarded with exempt requests only, and not if it is of this service's form.
    /// </summary>
    public string? CredentialHeader { get; init; }

    /// <summary>
    /// A header in which something in front of this process writes the client's address (of several, the last counts).
    /// Null, the default: the connection's own peer is the client, whatever a header says.
    /// </summary>
    public string? ClientAddressHeader { get; init; }

    /// <summary>Longest time without a byte in either direction; default 100 s.</summary>
    public TimeSpan ActivityTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Longest time to connect; default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a text can be <see cref="Upstream"/>.</summary>
    public static bool IsUpstream(string text, out Uri upstream) =>
        Uri.TryCreate(text, UriKind.Absolute, out upstream!)
        && (upstream.Scheme == Uri.UriSchemeHttp || upstream.Scheme == Uri.UriSchemeHttps)
        && upstream.Query.Length == 0 && upstream.Fragment.Length == 0 && upstream.UserInfo.Length == 0;
}
