using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Limiter.Http.Contract;

/// <summary>
/// Ids by which a denial is found in somebody's log: 32 random bits, not secret, each drawn once. Each thread draws
/// many at a time, since asking for one costs more than the decision that it names.
/// </summary>
internal static class RequestIds
{
    private const int DrawnAtOnce = 256;

    [ThreadStatic]
    private static uint[]? _drawn;

    [ThreadStatic]
    private static int _left;

    public static uint Next()
    {
        var drawn = _drawn ??= new uint[DrawnAtOnce];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(drawn.AsSpan()));
            _left = DrawnAtOnce;
        }
        return drawn[--_left];
    }
}
