namespace Limiter.Domain.Tests.Buckets.Oracles;

/// <summary>A rate-limiting algorithm as a textbook has it: one process, every admission remembered.</summary>
internal interface IPlain
{
    bool Fits(Instant now, long tokens);

    void Spend(Instant now, long tokens);

    long Remaining(Instant now);

    Instant ResetsAt(Instant now);
}
