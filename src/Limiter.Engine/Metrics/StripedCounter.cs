using System.Numerics;

namespace Limiter.Engine.Metrics;

/// <summary>A count that rises on many processors at once without their sharing a cache line. Thread-safe.</summary>
internal sealed class StripedCounter
{
    /// <summary>Most stripes; a machine of more processors shares them.</summary>
    private const int StripesMax = 64;

    // A line of the processors that there are, and one more: they are fetched in pairs.
    private const int Stride = 128 / sizeof(long);

    private static readonly int Mask =
        (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(StripesMax, Environment.ProcessorCount)) - 1;

    private readonly long[] _stripes = new long[(Mask + 2) * Stride];

    /// <summary>The sum; while others add it lies between that of before and of after.</summary>
    public long Value
    {
        get
        {
            var sum = 0L;
            for (var at = Stride; at < _stripes.Length; at += Stride) sum += Volatile.Read(ref _stripes[at]);
            return sum;
        }
    }

    public void Add(long amount) =>
        Interlocked.Add(ref _stripes[((Thread.GetCurrentProcessorId() & Mask) + 1) * Stride], amount);
}
