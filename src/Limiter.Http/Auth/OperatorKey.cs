using System.Security.Cryptography;
using System.Text;

namespace Limiter.Http.Auth;

/// <summary>One of the operator's two keys.</summary>
public sealed class OperatorKey
{
    /// <summary>Longest key, in UTF-8 bytes.</summary>
    public const int BytesMax = 512;

    // Keys are compared over at least so many bytes, zeros behind their ends: the time tells nothing of a shorter one.
    private const int ComparedBytesMin = 64;

    private readonly byte[] _padded = new byte[BytesMax];

    /// <exception cref="ArgumentException">
    /// The key is empty, longer than <see cref="BytesMax"/> bytes, or has a space or control character.
    /// </exception>
    public OperatorKey(string key)
    {
        if (!IsValid(key)) throw new ArgumentException("A key is 1 to 512 bytes without spaces.", nameof(key));
        Encoding.UTF8.GetBytes(key, _padded);
    }

    public static bool IsValid(string key) =>
        key.Length > 0 && Encoding.UTF8.GetByteCount(key) <= BytesMax && !key.Any(c => c <= ' ' || c == '\u007f');

    /// <param name="padded">What a caller presents, <see cref="BytesMax"/> bytes with zeros behind its end.</param>
    /// <param name="length">Its length without them; alone it decides how many bytes are compared.</param>
    internal bool Matches(ReadOnlySpan<byte> padded, int length)
    {
        var compared = Math.Max(length + 1, ComparedBytesMin);
        return compared > BytesMax
            ? CryptographicOperations.FixedTimeEquals(padded, _padded)
            : CryptographicOperations.FixedTimeEquals(padded[..compared], _padded.AsSpan(0, compared));
    }
}
