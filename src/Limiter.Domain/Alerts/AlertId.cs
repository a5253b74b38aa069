using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Limiter.Domain.Tenants;

namespace Limiter.Domain.Alerts;

/// <summary>
/// An alert's id: <c>al_</c> and 32 hexadecimal digits of a SHA-256 over its cause. Every edge that sees the cause
/// makes the same id, so whoever adds it first is the only one.
/// </summary>
public static class AlertId
{
    public const int Length = 3 + DigestBytes * 2;

    private const string Prefix = "al_";
    private const int DigestBytes = 16;

    /// <summary>Of a threshold that was crossed, or a limit that was exceeded.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="key">The key whose limit it is; empty for one of the tenant.</param>
    /// <param name="limit">The limit's name.</param>
    /// <param name="windowStart">Of the limit's window.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="threshold">Percent.</param>
    public static string Of(
        TenantId tenant, string key, string limit, Instant windowStart, AlertKind kind, int threshold) =>
        Hash(tenant.Text, key, limit, Text(windowStart.UnixMilliseconds), Text((int)kind), Text(threshold));

    /// <summary>Of a day's summary.</summary>
    public static string OfSummary(TenantId tenant, Instant day) =>
        Hash(tenant.Text, "", "", Text(day.UnixMilliseconds), Text((int)AlertKind.Summary), "");

    /// <summary>Of a test: one a second, so that repeating it in haste adds nothing.</summary>
    public static string OfTest(TenantId tenant, Instant now) =>
        Hash(tenant.Text, "", "", Text(now.UnixMilliseconds / 1000), Text((int)AlertKind.Test), "");

    // No part holds a line feed: names are of letters, digits and . _ -
    private static string Hash(params ReadOnlySpan<string?> parts)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)), digest);
        return Prefix + Convert.ToHexStringLower(digest[..DigestBytes]);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
