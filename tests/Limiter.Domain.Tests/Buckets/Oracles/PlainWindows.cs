namespace Limiter.Domain.Tests.Buckets.Oracles;

/// <summary>Fixed window or calendar quota over a list; told where a time's window starts and ends.</summary>
internal sealed class PlainWindows(long number, Func<Instant, (Instant Start, Instant End)> windowOf) : IPlain
{
    private readonly List<(Instant At, long Tokens)> _spent = [];

    public static (Instant Start, Instant End) Seconds(Instant time, long seconds)
    {
        var start = new Instant(time.UnixMilliseconds / (seconds * 1000) * (seconds * 1000));
        return (start, start + (seconds * 1000));
    }

    public static (Instant Start, Instant End) Month(Instant time)
    {
        var utc = time.ToDateTimeOffset();
        var first = new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero);
        return (Instant.From(first), Instant.From(first.AddMonths(1)));
    }

    public bool Fits(Instant now, long tokens) => Used(now) + tokens <= number;

    public void Spend(Instant now, long tokens) => _spent.Add((now, tokens));

    public long Remaining(Instant now) => Math.Max(0, number - Used(now));

    public Instant ResetsAt(Instant now) => windowOf(now).End;

    private long Used(Instant now) =>
        _spent.Where(spend => windowOf(spend.At) == windowOf(now)).Sum(spend => spend.Tokens);
}
