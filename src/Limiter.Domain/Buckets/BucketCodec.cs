using System.Buffers;
using Limiter.Domain.Escrow;

namespace Limiter.Domain.Buckets;

/// <summary>
/// A bucket's state as bytes: a format number, then variable-length integers, times told from the bucket's own. A
/// tenant with two limits and one edge takes about 100 bytes.
/// </summary>
public static class BucketCodec
{
    /// <summary>The format that is written. Older ones are read; newer ones are refused.</summary>
    public const byte Format = 4;

    private const int ChargesMax = ChargeRequest.RememberedMax;

    public static byte[] Encode(BucketState state)
    {
        var output = new ArrayBufferWriter<byte>(256);
        var writer = new StateWriter(output);
        writer.Write(Format);
        writer.Write(state.Now.UnixMilliseconds);
        TermsCodec.Write(ref writer, state.Terms);
        foreach (var counter in state.Counters)
        {
            counter.Write(ref writer);
            var age = state.Now - counter.Since;
            writer.Write(age < ChargeRequest.LifetimeMs ? age + 1 : 0);
        }
        writer.Write(state.Edges.Count);
        foreach (var edge in state.Edges) EdgeCodec.Write(ref writer, edge, state.Now);
        writer.Write(state.Charges.Count);
        for (var i = 0; i < state.Charges.Count; i++)
        {
            var charge = state.Charges[i];
            writer.WriteBits(charge.Id);
            writer.Write(charge.TrueCost);
            writer.Write(state.Now - charge.At);
        }
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="BucketFormatException">The bytes are damaged, or of a newer format.</exception>
    public static BucketState Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Read(bytes);
        }
        catch (Exception damage) when (damage is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            // What the parts of a state refuse to be made of: a sum that overflows, a schedule without an end.
            throw new BucketFormatException($"The stored state of a bucket is damaged: {damage.Message}");
        }
    }

    private static BucketState Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        var format = reader.Read();
        if (format is < 1 or > Format)
            throw new BucketFormatException(
                $"A bucket is stored in format {format}; this version reads formats 1 to {Format}.");
        reader.Format = format;
        var now = new Instant(reader.Read());
        var state = new BucketState(TermsCodec.Read(ref reader), now);
        foreach (var counter in state.Counters)
        {
            counter.Read(ref reader);
            // Older than any charge is old enough.
            var age = reader.Read();
            counter.Since = now + -(age == 0 ? ChargeRequest.LifetimeMs : age - 1);
        }
        for (var edges = reader.ReadCount(BucketState.EdgesMax); edges > 0; edges--)
            state.Edges.Add(EdgeCodec.Read(ref reader, now, state.Counters.Length));
        for (var charges = reader.ReadCount(ChargesMax); charges > 0; charges--)
            state.Charges = state.Charges.With(
                new RememberedCharge(reader.ReadBits(), reader.Read(), now + -reader.Read()));
        if (!reader.IsAtEnd) throw new BucketFormatException("The stored state of a bucket goes on after its end.");
        state.Verify();
        return state;
    }
}
