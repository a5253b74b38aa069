namespace Limiter.Simulation.Time;

/// <summary>
/// A world's chance: the same seed throws the same numbers on every machine and every runtime (SplitMix64).
/// </summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>0 up to, not including, <paramref name="sides"/>.</summary>
    public int Below(int sides) => (int)((Next() >> 32) * (ulong)sides >> 32);

    /// <summary>Both ends included.</summary>
    public long Between(long least, long most) => least + (long)(Next() % (ulong)(most - least + 1));

    /// <param name="perMillion">0 never, 1,000,000 always.</param>
    public bool Chance(int perMillion) => perMillion > 0 && Below(1_000_000) < perMillion;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>A waiting time whose mean is given, at least 1 and at most ten times the mean.</summary>
    public long Waiting(long mean)
    {
        var uniform = ((Next() >> 11) + 1) * (1.0 / (1UL << 53));
        return Math.Clamp((long)(-Math.Log(uniform) * mean), 1, mean * 10);
    }

    /// <summary>Another sequence, so that one part of a world draws without changing what another draws.</summary>
    public Dice Fork() => new(Next());
}
