namespace Limiter.Domain.Buckets;

/// <summary>Reads what <see cref="StateWriter"/> wrote.</summary>
/// <exception cref="BucketFormatException">The bytes end early or say what cannot be.</exception>
internal ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private const int TextBytesMax = 256;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The format of what is read.</summary>
    public long Format { get; set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public long Read()
    {
        var bits = ReadBits();
        return bits <= long.MaxValue ? (long)bits : throw Damaged();
    }

    public long ReadSigned()
    {
        var bits = ReadBits();
        return unchecked((long)(bits >> 1) ^ -(long)(bits & 1));
    }

    public long ReadNumber()
    {
        var value = Read();
        return value == 0 ? Policies.Schedule.Unlimited : value - 1;
    }

    public int ReadCount(int max)
    {
        var count = Read();
        return count <= max ? (int)count : throw Damaged();
    }

    public string ReadText(int bytesMax = TextBytesMax)
    {
        var length = ReadCount(bytesMax);
        if (length > _rest.Length) throw Damaged();
        var text = System.Text.Encoding.UTF8.GetString(_rest[..length]);
        _rest = _rest[length..];
        return text;
    }

    public ulong ReadBits()
    {
        var bits = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_rest.IsEmpty) throw Damaged();
            var next = _rest[0];
            _rest = _rest[1..];
            bits |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return bits;
        }
        throw Damaged();
    }

    private static BucketFormatException Damaged() =>
        new("The stored state of a bucket is damaged: it ends early or holds what cannot be.");
}
