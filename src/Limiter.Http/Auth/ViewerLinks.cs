using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Tenants;

namespace Limiter.Http.Auth;

/// <summary>
/// Makes and reads the tokens of viewers' links: a tenant, its registration, an end and a name, signed, so that every
/// edge of a directory knows them without having kept anything. Layout: version, end, registration, then tenant and
/// name with their lengths, then the HMAC-SHA256 over all that; in base64url behind <see cref="Prefix"/>.
/// </summary>
public sealed class ViewerLinks
{
    public const string Prefix = "lv_";

    /// <summary>Longest life of a link, in days. Nothing ends one earlier but the removal of its tenant.</summary>
    public const int DaysMax = 90;

    /// <summary>Life of a link that asks for none, in days.</summary>
    public const int DaysDefault = 30;

    /// <summary>Longest name, in characters.</summary>
    public const int NameLengthMax = 64;

    private const byte Version = 2;
    private const int FixedBytes = 1 + 8 + 8;
    private const int TextBytesMax = byte.MaxValue;
    private const int MacBytes = HMACSHA256.HashSizeInBytes;
    private const int BytesMax = FixedBytes + (2 * (1 + TextBytesMax)) + MacBytes;

    // The directory's key signs check ids too: what is signed with the one is no signature of the other.
    private static readonly byte[] Purpose = "limiter viewer link 1"u8.ToArray();

    private readonly byte[] _key;
    private readonly TimeProvider _clock;

    /// <param name="signingKey">The directory's signing key, 32 bytes.</param>
    /// <param name="clock">Says which links have ended.</param>
    public ViewerLinks(ReadOnlyMemory<byte> signingKey, TimeProvider clock)
    {
        _key = HMACSHA256.HashData(signingKey.Span, Purpose);
        _clock = clock;
    }

    /// <summary>The token of a link.</summary>
    /// <param name="viewer">What it says; its name at most <see cref="NameLengthMax"/> characters.</param>
    public string Write(Viewer viewer)
    {
        Span<byte> bytes = stackalloc byte[BytesMax];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], viewer.Until.UnixMilliseconds);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[9..], viewer.RegisteredAt.UnixMilliseconds);
        var length = FixedBytes;
        length += WriteText(viewer.Tenant.Text, bytes[length..]);
        length += WriteText(viewer.Name, bytes[length..]);
        HMACSHA256.HashData(_key, bytes[..length], bytes[length..]);
        return Prefix + Base64Url.EncodeToString(bytes[..(length + MacBytes)]);
    }

    /// <summary>
    /// Reads a token back. The signature is compared in constant time, and before anything else is looked at.
    /// </summary>
    /// <returns>
    /// False: not signed here, or at its end. Whether its tenant is still there is another question.
    /// </returns>
    public bool TryRead(ReadOnlySpan<char> token, out Viewer viewer)
    {
        viewer = default;
        if (!token.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        Span<byte> bytes = stackalloc byte[BytesMax];
        var text = token[Prefix.Length..];
        if (!Base64Url.IsValid(text, out var size) || size > BytesMax || size < FixedBytes + MacBytes) return false;
        if (!Base64Url.TryDecodeFromChars(text, bytes, out var length)) return false;
        var payload = bytes[..(length - MacBytes)];
        Span<byte> mac = stackalloc byte[MacBytes];
        HMACSHA256.HashData(_key, payload, mac);
        return CryptographicOperations.FixedTimeEquals(mac, bytes[payload.Length..length])
            && ReadPayload(payload, out viewer)
            && Instant.From(_clock.GetUtcNow()) < viewer.Until;
    }

    private static bool ReadPayload(ReadOnlySpan<byte> bytes, out Viewer viewer)
    {
        viewer = default;
        if (bytes[0] != Version) return false;
        var until = new Instant(BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]));
        var registeredAt = new Instant(BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]));
        var rest = bytes[FixedBytes..];
        if (!ReadText(ref rest, out var tenantText) || !ReadText(ref rest, out var name) || !rest.IsEmpty) return false;
        if (!TenantId.TryParse(tenantText, out var tenant)) return false;
        viewer = new Viewer(tenant, registeredAt, until, name);
        return true;
    }

    private static int WriteText(string text, Span<byte> bytes)
    {
        var length = Encoding.UTF8.GetBytes(text, bytes[1..(1 + TextBytesMax)]);
        bytes[0] = (byte)length;
        return 1 + length;
    }

    private static bool ReadText(ref ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (bytes.IsEmpty || bytes.Length < 1 + bytes[0]) return false;
        text = Encoding.UTF8.GetString(bytes.Slice(1, bytes[0]));
        bytes = bytes[(1 + bytes[0])..];
        return true;
    }
}
