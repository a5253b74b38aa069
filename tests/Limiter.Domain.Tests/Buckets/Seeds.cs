namespace Limiter.Domain.Tests.Buckets;

/// <summary>Runs a property over a fixed row of seeds; a failure names the seed that replays it.</summary>
internal static class Seeds
{
    public static void Each(int count, Action<Dice> property, int first = 1)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            try
            {
                property(new Dice(seed));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}: {failure.Message}", failure);
            }
        }
    }
}

/// <summary>Repeatable chance.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public long Next(long least, long most) => _random.NextInt64(least, most + 1);

    public bool Percent(int percent) => _random.Next(100) < percent;

    public T Of<T>(params ReadOnlySpan<T> items) => items[_random.Next(items.Length)];

    public void Fill(byte[] bytes) => _random.NextBytes(bytes);
}
