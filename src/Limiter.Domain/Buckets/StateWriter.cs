using System.Buffers;

namespace Limiter.Domain.Buckets;

/// <summary>Writes a bucket's state as variable-length integers, seven bits a byte, least significant first.</summary>
internal ref struct StateWriter(IBufferWriter<byte> output)
{
    private readonly IBufferWriter<byte> _output = output;

    /// <summary>A value that is never negative.</summary>
    public readonly void Write(long value)
    {
        if (value < 0) throw new ArgumentOutOfRangeException(nameof(value), value, "A stored count is not negative.");
        WriteBits((ulong)value);
    }

    /// <summary>A value of either sign; small magnitudes stay short.</summary>
    public readonly void WriteSigned(long value) => WriteBits(unchecked((ulong)((value << 1) ^ (value >> 63))));

    /// <summary>A limit's number, unlimited included.</summary>
    public readonly void WriteNumber(long number) => Write(number == Policies.Schedule.Unlimited ? 0 : number + 1);

    public readonly void WriteText(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Write(bytes.Length);
        _output.Write(bytes);
    }

    public readonly void WriteBits(ulong bits)
    {
        Span<byte> buffer = stackalloc byte[10];
        var length = 0;
        for (; bits >= 0x80; bits >>= 7) buffer[length++] = (byte)((bits & 0x7F) | 0x80);
        buffer[length++] = (byte)bits;
        _output.Write(buffer[..length]);
    }
}
