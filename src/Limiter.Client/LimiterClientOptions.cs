using Microsoft.AspNetCore.Http;

namespace Limiter.Client;

/// <summary>How this process limits its requests.</summary>
public sealed class LimiterClientOptions
{
    /// <summary>Most seconds of <see cref="UsageSaveSeconds"/>.</summary>
    public const int UsageSaveSecondsMax = 60;

    /// <summary>The limiter: an http or https address, with a base path if need be. Required.</summary>
    public Uri? Address { get; set; }

    /// <summary>The limiter's gateway key. Required.</summary>
    public string? GatewayKey { get; set; }

    /// <summary>
    /// Tells who sends a request. Null, the default: the credential of <c>Authorization: Bearer</c>, and without that
    /// header an anonymous caller.
    /// </summary>
    public Func<HttpContext, LimiterIdentity>? Identify { get; set; }

    /// <summary>
    /// How long a request waits for the limiter before the policy decides; 50 ms to 30 s. Null, the default: as long as
    /// the limiter itself waits for a bucket (500 ms self-hosted, 2 s on Functions).
    /// </summary>
    public TimeSpan? WaitLimit { get; set; }

    /// <summary>How often to ask whether the policy has changed; 1 s to 10 min, default 30 s.</summary>
    public TimeSpan PolicyInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The text of a policy file that holds until the limiter has told the one in force: what it exempts passes, and
    /// anonymous callers are served by its choice for an unreachable bucket. Null, the default: until then every
    /// request is refused with 503.
    /// </summary>
    public string? FallbackPolicy { get; set; }

    /// <summary>
    /// Seconds between two reports of usage, a divisor of 60, default 10. What was counted since is lost if the process
    /// is killed; what was admitted is not, the buckets have it.
    /// </summary>
    public int UsageSaveSeconds { get; set; } = 10;

    /// <summary>Makes the way to the limiter; null for the client's own: keep-alive, no proxy, no redirects.</summary>
    public Func<HttpMessageHandler>? HttpHandler { get; set; }

    /// <summary>Everything that is wrong; empty when nothing is.</summary>
    internal IEnumerable<string> Errors()
    {
        if (Address is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            yield return "Address must be an absolute http or https address.";
        if (string.IsNullOrWhiteSpace(GatewayKey)) yield return "GatewayKey must be the limiter's gateway key.";
        if (WaitLimit is { } wait && (wait < TimeSpan.FromMilliseconds(50) || wait > TimeSpan.FromSeconds(30)))
            yield return "WaitLimit must be 50 ms to 30 s.";
        if (PolicyInterval < TimeSpan.FromSeconds(1) || PolicyInterval > TimeSpan.FromMinutes(10))
            yield return "PolicyInterval must be 1 s to 10 min.";
        if (UsageSaveSeconds is < 1 or > UsageSaveSecondsMax || UsageSaveSecondsMax % UsageSaveSeconds != 0)
            yield return "UsageSaveSeconds must be a divisor of 60.";
    }
}
