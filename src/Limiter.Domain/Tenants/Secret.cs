using System.Numerics;
using System.Text;

namespace Limiter.Domain.Tenants;

/// <summary>
/// The text of a minted key's secret: <c>lk_live_</c> or <c>lk_test_</c>, 256 random bits, and a checksum, so that a
/// scanner recognises a leaked one and a typing error is told from an unknown key without asking anybody.
/// </summary>
/// <remarks>
/// As GitHub's tokens have it since 2021 ("Behind GitHub's new authentication token formats", github.blog): the last
/// six characters are the CRC-32 of all before them, in base 62 with leading zeros. The alphabet has no character at
/// which a double click stops.
/// </remarks>
public static class Secret
{
    public const string LivePrefix = "lk_live_";
    public const string TestPrefix = "lk_test_";

    public const int RandomBytes = 32;

    public const int Length = 8 + BodyLength + ChecksumLength;

    // 62^43 is more than 2^256, and 62^6 more than 2^32.
    private const int BodyLength = 43;
    private const int ChecksumLength = 6;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // The polynomial of ISO 3309 and zlib, bits reversed.
    private const uint Polynomial = 0xEDB88320;

    /// <param name="kind"><see cref="KeyKind.Live"/> or <see cref="KeyKind.Test"/>.</param>
    /// <param name="random">32 bytes of a cryptographic generator.</param>
    public static string Write(KeyKind kind, ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomBytes, nameof(random));
        if (kind is not (KeyKind.Live or KeyKind.Test))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only live and test keys are minted.");
        var text = new StringBuilder(Length).Append(kind == KeyKind.Test ? TestPrefix : LivePrefix);
        Append(text, new BigInteger(random, isUnsigned: true), BodyLength);
        Append(text, Crc32(text.ToString()), ChecksumLength);
        return text.ToString();
    }

    /// <summary>
    /// Whether a text has a prefix of ours and cannot be one of our secrets: something was lost or changed on its way.
    /// </summary>
    public static bool IsMisspelt(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(LivePrefix, StringComparison.Ordinal)
            && !text.StartsWith(TestPrefix, StringComparison.Ordinal)) return false;
        if (text.Length != Length || !Ascii.IsValid(text)) return true;
        ulong stated = 0;
        foreach (var c in text[^ChecksumLength..])
        {
            var digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0) return true;
            stated = stated * (ulong)Alphabet.Length + (ulong)digit;
        }
        return stated != Crc32(text[..^ChecksumLength]);
    }

    private static void Append(StringBuilder text, BigInteger value, int length)
    {
        Span<char> digits = stackalloc char[length];
        for (var i = length - 1; i >= 0; i--)
        {
            value = BigInteger.DivRem(value, Alphabet.Length, out var digit);
            digits[i] = Alphabet[(int)digit];
        }
        text.Append(digits);
    }

    private static uint Crc32(ReadOnlySpan<char> text)
    {
        var crc = uint.MaxValue;
        foreach (var c in text)
        {
            crc ^= c;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
        }
        return ~crc;
    }
}
