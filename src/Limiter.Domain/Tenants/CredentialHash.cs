using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Limiter.Domain.Tenants;

/// <summary>The SHA-256 of a credential: all that is ever stored or compared of one.</summary>
public readonly record struct CredentialHash(UInt128 High, UInt128 Low)
{
    public const int Bytes = 32;

    /// <summary>Longest credential that is looked at, in UTF-8 bytes.</summary>
    public const int CredentialBytesMax = 512;

    /// <summary>False when the credential is empty or longer than <see cref="CredentialBytesMax"/>.</summary>
    public static bool TryCompute(ReadOnlySpan<char> credential, out CredentialHash hash)
    {
        hash = default;
        Span<byte> utf8 = stackalloc byte[CredentialBytesMax];
        if (credential.IsEmpty || !Encoding.UTF8.TryGetBytes(credential, utf8, out var length)) return false;
        Span<byte> digest = stackalloc byte[Bytes];
        SHA256.HashData(utf8[..length], digest);
        hash = Read(digest);
        return true;
    }

    public static CredentialHash Read(ReadOnlySpan<byte> digest) => new(
        BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));

    public byte[] ToArray()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Low);
        return bytes;
    }
}
