using System.Globalization;
using System.Text;

namespace Limiter.Http.Auth;

/// <summary>What every host asks of the operator's two keys, and says of those that it refuses.</summary>
public static class OperatorKeys
{
    /// <summary>Shortest key outside Development, in UTF-8 bytes.</summary>
    public const int BytesMin = 16;

    /// <summary>Why a key cannot be used; null when it can.</summary>
    /// <param name="key">The key as configured.</param>
    /// <param name="isDevelopment">Whether a short key will do.</param>
    public static string? Refuse(string key, bool isDevelopment)
    {
        var least = isDevelopment ? 1 : BytesMin;
        return OperatorKey.IsValid(key) && Encoding.UTF8.GetByteCount(key) >= least ? null : string.Create(
            CultureInfo.InvariantCulture, $"a key is {least} to {OperatorKey.BytesMax} bytes without spaces");
    }

    /// <summary>
    /// Why two keys cannot be used together; null when they can. One key for both would make every gateway an
    /// administrator.
    /// </summary>
    /// <param name="gateway">The gateway key; null or empty when there is none to compare.</param>
    /// <param name="admin">The admin key; likewise.</param>
    /// <param name="gatewayName">What the gateway key's setting is called.</param>
    /// <param name="isDevelopment">Whether one key for both will do.</param>
    public static string? RefusePair(string? gateway, string? admin, string gatewayName, bool isDevelopment) =>
        isDevelopment || string.IsNullOrEmpty(admin) || admin != gateway
            ? null
            : $"the same as {gatewayName}: it must be another key";
}
