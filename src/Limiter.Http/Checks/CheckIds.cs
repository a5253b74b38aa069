using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;

namespace Limiter.Http.Checks;

/// <summary>
/// Makes and reads check ids: what an admission was, signed, in base64url, so that any edge of the directory can
/// correct its cost without having kept anything. Layout: version, check id, time, cost, end of the reservation, then
/// six texts with their lengths, then the first 16 bytes of the HMAC-SHA256 over all that.
/// </summary>
/// <param name="key">The directory's signing key, 32 bytes.</param>
public sealed class CheckIds(ReadOnlyMemory<byte> key) : IDisposable
{
    /// <summary>Longest id, in characters. A policy's texts are far shorter.</summary>
    public const int LengthMax = 4_096;

    private const byte Version = 2;

    // The same, of an admission without a grant.
    private const byte DegradedVersion = 3;

    private const int FixedBytes = 1 + 8 + 8 + 8 + 8;
    private const int TextLengthBytes = 2;
    private const int Texts = 6;

    /// <summary>The end of no reservation.</summary>
    private const long NoTime = 0;

    private const int MacBytes = 16;
    private const int PayloadBytesMax = LengthMax / 4 * 3 - MacBytes;

    // Most ids are far shorter than the longest that is read.
    private const int UsualBytes = 256;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>One a thread, since a keyed hash takes longer to make than to use.</summary>
    private readonly ThreadLocal<IncrementalHash> _hashes =
        new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Span), trackAllValues: true);

    /// <summary>Writes the id of an admission in ASCII.</summary>
    public void Write(in AdmittedCheck admitted, IBufferWriter<byte> destination)
    {
        var texts = Encoding.UTF8.GetMaxByteCount(TextLengthOf(admitted)) + (Texts * TextLengthBytes);
        var bound = FixedBytes + texts + MacBytes;
        Span<byte> bytes = bound <= UsualBytes ? stackalloc byte[UsualBytes] : new byte[bound];
        var length = WritePayload(admitted, bytes);
        Sign(bytes[..length], bytes.Slice(length, MacBytes));
        var text = destination.GetSpan(Base64Url.GetEncodedLength(length + MacBytes));
        destination.Advance(Base64Url.EncodeToUtf8(bytes[..(length + MacBytes)], text));
    }

    /// <summary>
    /// Reads an id back. The signature is compared in constant time, and before anything else is looked at.
    /// </summary>
    public CheckIdReading TryRead(ReadOnlySpan<char> text, out AdmittedCheck admitted)
    {
        admitted = default;
        Span<byte> bytes = stackalloc byte[PayloadBytesMax + MacBytes];
        if (text.Length > LengthMax || !Base64Url.IsValid(text, out var size) || size > bytes.Length)
            return CheckIdReading.Malformed;
        if (!Base64Url.TryDecodeFromChars(text, bytes, out var length) || length < FixedBytes + MacBytes)
            return CheckIdReading.Malformed;
        var payload = bytes[..(length - MacBytes)];
        Span<byte> mac = stackalloc byte[MacBytes];
        Sign(payload, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[payload.Length..length])) return CheckIdReading.Forged;
        return ReadPayload(payload, out admitted) ? CheckIdReading.Genuine : CheckIdReading.Malformed;
    }

    public void Dispose()
    {
        foreach (var hash in _hashes.Values) hash.Dispose();
        _hashes.Dispose();
    }

    private static int WritePayload(in AdmittedCheck admitted, Span<byte> bytes)
    {
        bytes[0] = admitted.IsDegraded ? DegradedVersion : Version;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[1..], admitted.CheckId);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[9..], admitted.SpentAt.UnixMilliseconds);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[17..], admitted.Cost);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[25..], admitted.ReservedUntil?.UnixMilliseconds ?? NoTime);
        var at = FixedBytes;
        at += WriteText(admitted.Tenant.Text, bytes[at..]);
        at += WriteText(admitted.Key.Text, bytes[at..]);
        at += WriteText(admitted.Address ?? "", bytes[at..]);
        at += WriteText(admitted.Group, bytes[at..]);
        at += WriteText(admitted.Template, bytes[at..]);
        at += WriteText(admitted.Counting, bytes[at..]);
        return at;
    }

    private static bool ReadPayload(ReadOnlySpan<byte> bytes, out AdmittedCheck admitted)
    {
        admitted = default;
        if (bytes[0] is not (Version or DegradedVersion)) return false;
        var id = BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]);
        var spentAt = new Instant(BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]));
        var cost = BinaryPrimitives.ReadInt64LittleEndian(bytes[17..]);
        var until = BinaryPrimitives.ReadInt64LittleEndian(bytes[25..]);
        var rest = bytes[FixedBytes..];
        if (!ReadText(ref rest, out var tenantText) || !ReadText(ref rest, out var keyText)) return false;
        if (!ReadText(ref rest, out var address) || !ReadText(ref rest, out var group)) return false;
        if (!ReadText(ref rest, out var template) || !ReadText(ref rest, out var counting)) return false;
        if (!rest.IsEmpty) return false;
        if (!TenantId.TryParse(tenantText, out var tenant) && tenantText.Length > 0) return false;
        if (!KeyId.TryParse(keyText, out var keyId) && keyText.Length > 0) return false;
        admitted = new AdmittedCheck(
            id, spentAt, cost, tenant, keyId, address.Length == 0 ? null : address, group, template, counting,
            until == NoTime ? null : new Instant(until), bytes[0] == DegradedVersion);
        return true;
    }

    private static int TextLengthOf(in AdmittedCheck admitted) =>
        admitted.Tenant.Text.Length + admitted.Key.Text.Length + (admitted.Address?.Length ?? 0)
        + admitted.Group.Length + admitted.Template.Length + admitted.Counting.Length;

    private static int WriteText(string text, Span<byte> bytes)
    {
        var length = Encoding.UTF8.GetBytes(text, bytes[TextLengthBytes..]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)length);
        return TextLengthBytes + length;
    }

    private static bool ReadText(ref ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (bytes.Length < TextLengthBytes) return false;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        if (bytes.Length < TextLengthBytes + length) return false;
        text = Strict.GetString(bytes.Slice(TextLengthBytes, length));
        bytes = bytes[(TextLengthBytes + length)..];
        return true;
    }

    private void Sign(ReadOnlySpan<byte> payload, Span<byte> mac)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var hash = _hashes.Value!;
        hash.AppendData(payload);
        hash.GetHashAndReset(digest);
        digest[..MacBytes].CopyTo(mac);
    }
}
