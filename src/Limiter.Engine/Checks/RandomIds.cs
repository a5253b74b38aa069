using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Limiter.Engine.Checks;

/// <summary>
/// Ids of admissions: distinct within a process and, by their random start, practically so among processes. Each thread
/// draws from a sequence of its own (SplitMix64), so that drawing costs nanoseconds and threads share nothing. Not
/// secret.
/// </summary>
internal static class RandomIds
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    [ThreadStatic]
    private static ulong s_state;

    public static ulong Next()
    {
        if (s_state == 0) s_state = Seed();
        unchecked
        {
            var z = s_state += Step;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    private static ulong Seed()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) | 1;
    }
}
