using System.Buffers.Binary;

namespace Limiter.Domain.Escrow;

/// <summary>A process that answers checks; random at each start, so a restarted process is another edge.</summary>
public readonly record struct EdgeId(ulong Value)
{
    /// <summary>Random bytes that make an id.</summary>
    public const int Bytes = sizeof(ulong);

    /// <summary>The id of a process that begins.</summary>
    /// <param name="random"><see cref="Bytes"/> of them, which nobody can foresee.</param>
    /// <exception cref="ArgumentException">It is another number of bytes.</exception>
    public static EdgeId New(ReadOnlySpan<byte> random) => random.Length == Bytes
        ? new EdgeId(BinaryPrimitives.ReadUInt64LittleEndian(random))
        : throw new ArgumentException($"{random.Length} bytes; an id is made of {Bytes}.", nameof(random));

    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
