namespace Limiter.Domain.Tests.Buckets.Oracles;

/// <summary>Sliding window over a list. With a slot of 1 ms it is the true sliding window.</summary>
internal sealed class PlainSliding(long number, long windowMs, long slotMs) : IPlain
{
    private readonly List<(long At, long Tokens)> _spent = [];

    public bool Fits(Instant now, long tokens) => Counted(now) + tokens <= number;

    public void Spend(Instant now, long tokens) => _spent.Add((now.UnixMilliseconds, tokens));

    public long Remaining(Instant now) => Math.Max(0, number - Counted(now));

    public Instant ResetsAt(Instant now) =>
        Instant.Max(now, new Instant(_spent.Count == 0 ? 0 : _spent.Max(spend => FreeFrom(spend.At))));

    private long Counted(Instant now) =>
        _spent.Where(spend => now.UnixMilliseconds < FreeFrom(spend.At)).Sum(spend => spend.Tokens);

    private long FreeFrom(long at) => ((at + slotMs - 1) / slotMs * slotMs) + windowMs;
}
