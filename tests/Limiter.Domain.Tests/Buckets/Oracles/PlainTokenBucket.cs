using System.Numerics;

namespace Limiter.Domain.Tests.Buckets.Oracles;

/// <summary>Token bucket, full at first, in exact fractions: the level counts 1/window tokens.</summary>
internal sealed class PlainTokenBucket(long capacity, long refillPerWindow, long windowMs, Instant start) : IPlain
{
    private BigInteger _level = (BigInteger)capacity * windowMs;
    private Instant _at = start;

    public bool Fits(Instant now, long tokens) => LevelAt(now) >= (BigInteger)tokens * windowMs;

    public void Spend(Instant now, long tokens) =>
        (_level, _at) = (LevelAt(now) - ((BigInteger)tokens * windowMs), now);

    public long Remaining(Instant now) => (long)BigInteger.Max(0, LevelAt(now) / windowMs);

    public Instant ResetsAt(Instant now)
    {
        var missing = ((BigInteger)capacity * windowMs) - LevelAt(now);
        return now + (long)((missing + refillPerWindow - 1) / refillPerWindow);
    }

    private BigInteger LevelAt(Instant now) =>
        BigInteger.Min((BigInteger)capacity * windowMs, _level + ((BigInteger)refillPerWindow * (now - _at)));
}
