using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Limiter.Http.Alerts;

/// <summary>
/// How a delivery is signed: <c>X-Limiter-Signature: t=(Unix seconds),v1=(hexadecimal)</c>, the HMAC-SHA256 of
/// <c>t.body</c> under the secret. The time is of the attempt, so that a receiver can refuse what was recorded long
/// ago.
/// </summary>
public static class WebhookSignature
{
    public const string Header = "X-Limiter-Signature";

    public static string Of(string secret, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var time = unixSeconds.ToString(CultureInfo.InvariantCulture);
        var signed = new byte[time.Length + 1 + body.Length];
        Encoding.ASCII.GetBytes(time, signed);
        signed[time.Length] = (byte)'.';
        body.CopyTo(signed.AsSpan(time.Length + 1));
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        return $"t={time},v1={Convert.ToHexStringLower(hash)}";
    }
}
