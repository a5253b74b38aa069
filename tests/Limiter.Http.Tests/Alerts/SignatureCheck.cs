using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Limiter.Http.Tests.Alerts;

/// <summary>How a receiver checks a signature, written from the documentation alone.</summary>
internal static class SignatureCheck
{
    public static bool Verify(string header, string body, string secret, DateTimeOffset now, int toleranceSeconds)
    {
        var parts = header.Split(',').Select(part => part.Split('=', 2)).ToLookup(part => part[0], part => part[1]);
        if (!long.TryParse(parts["t"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var time))
            return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - time) > toleranceSeconds) return false;
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}"));
        return parts["v1"].Any(given =>
            CryptographicOperations.FixedTimeEquals(Convert.FromHexString(given), expected));
    }
}
