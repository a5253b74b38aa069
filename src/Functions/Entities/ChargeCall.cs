using System.Buffers.Binary;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;

namespace Limiter.Functions.Entities;

/// <summary>A charge on its way to an entity.</summary>
/// <param name="Id">Random; under it the outcome is found, and a second delivery of the same call is known.</param>
/// <param name="Request">The charge.</param>
internal sealed record ChargeCall(ulong Id, ChargeRequest Request)
{
    public byte[] Encode()
    {
        var request = RequestCodec.Encode(Request);
        var message = new byte[sizeof(ulong) + request.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(message, Id);
        request.CopyTo(message, sizeof(ulong));
        return message;
    }

    /// <exception cref="BucketFormatException">The bytes are damaged, or of another format.</exception>
    public static ChargeCall Decode(ReadOnlySpan<byte> message) => message.Length < sizeof(ulong)
        ? throw new BucketFormatException("A charge ends early.")
        : new(BinaryPrimitives.ReadUInt64LittleEndian(message), RequestCodec.DecodeCharge(message[sizeof(ulong)..]));
}
