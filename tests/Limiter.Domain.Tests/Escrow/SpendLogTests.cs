using Limiter.Domain.Escrow;
using Limiter.Domain.Tests.Buckets;

namespace Limiter.Domain.Tests.Escrow;

public sealed class SpendLogTests
{
    private const int Runs = 300;
    private const long SlotMs = 1_000;

    [Fact]
    public void Every_token_is_told_at_the_end_of_its_slot() => Seeds.Each(Runs, dice =>
    {
        var (log, spent, now) = (default(SpendLog), new Queue<Instant>(), Make.Start);
        for (var i = 0; i < 200; i++)
        {
            now += dice.Next(0, 2_000);
            for (var tokens = dice.Next(1, 5); tokens > 0; tokens--) spent.Enqueue(EndOf(now));
            log.Add(now, spent.Count - log.Total, SlotMs);
            if (dice.Percent(20) || log.Count > SpendLog.EntriesMax / 2)
                Drop(ref log, spent, dice.Percent(20) ? spent.Count : dice.Next(0, spent.Count));
            log.Total.ShouldBe(spent.Count);
            Told(log).ShouldBe(spent);
        }
    });

    [Fact]
    public void When_there_are_too_many_entries_tokens_are_told_later_and_never_earlier() => Seeds.Each(Runs, dice =>
    {
        var (log, spent, now) = (default(SpendLog), new Queue<Instant>(), Make.Start);
        for (var i = 0; i < 200; i++)
        {
            now += dice.Next(0, 20_000);
            spent.Enqueue(EndOf(now));
            log.Add(now, 1, SlotMs);
            if (dice.Percent(3)) Drop(ref log, spent, dice.Next(0, spent.Count));
            log.Count.ShouldBeLessThanOrEqualTo(SpendLog.EntriesMax);
            log.ToReport().Length.ShouldBe(log.Count);
            var told = Told(log).ToList();
            told.Count.ShouldBe(spent.Count);
            told.Zip(spent).ShouldAllBe(token => token.First >= token.Second);
        }
    });

    [Fact]
    public void The_first_tokens_stay_as_they_were_told() => Seeds.Each(Runs, dice =>
    {
        var (log, now) = (default(SpendLog), Make.Start);
        for (var i = 0; i < 40; i++)
        {
            now += dice.Next(0, 2_000);
            log.Add(dice.Percent(5) ? Instant.Never : now, dice.Next(1, 4), SlotMs);
        }
        var (told, kept) = (Told(log).ToList(), (int)dice.Next(0, (int)log.Total + 1));
        log.KeepFirst(kept);
        Told(log).ShouldBe(told.Take(kept));
        log.Add(Instant.Never, 1, SlotMs);
        Told(log).ShouldBe([.. told.Take(kept), Instant.Never]);
    });

    [Fact]
    public void One_entry_is_enough_where_times_do_not_matter()
    {
        var log = default(SpendLog);
        log.Add(Make.At(1), 2, 0);
        log.Add(Make.At(9), 3, 0);
        log.ToReport().ShouldBe([new Spend(Make.At(1), 5)]);
    }

    [Fact]
    public void A_token_bucket_misses_what_each_spending_would_leave_missing_or_more() => Seeds.Each(Runs, dice =>
    {
        const long rate = 10, units = 1_000;
        var (log, now, spent, coarse) = (default(SpendLog), Make.Start, new List<Spend>(), false);
        var booked = new List<Spend>();
        for (var i = 0; i < 100; i++)
        {
            now += dice.Next(0, dice.Percent(5) ? 60_000 : 400);
            if (dice.Percent(5)) log.Part();
            coarse |= log.Count == SpendLog.EntriesMax;
            var tokens = dice.Next(1, 9);
            log.AddRefilled(now, tokens, rate, units);
            spent.Add(new Spend(now, tokens));
            log.Count.ShouldBeLessThanOrEqualTo(SpendLog.EntriesMax);
            var told = log.ToReport();
            told.Length.ShouldBe(log.Count);
            told.Sum(entry => entry.Tokens).ShouldBe(log.Total);
            told.Select(entry => entry.At).ShouldBeInOrder();
            log.Last.ShouldBeGreaterThanOrEqualTo(now);
            var missing = Missing([.. booked, .. told], log.Last, rate, units);
            var plain = Missing(spent, log.Last, rate, units);
            if (coarse) missing.ShouldBeGreaterThanOrEqualTo(plain);
            else missing.ShouldBe(plain);
            if (!dice.Percent(10)) continue;
            // A report of some of it is booked.
            var left = dice.Next(0, log.Total);
            log.Drop(left);
            for (var at = 0; left > 0; left -= booked[^1].Tokens, at++)
                booked.Add(told[at] with { Tokens = Math.Min(told[at].Tokens, left) });
        }
    });

    /// <summary>Units that a bucket without a bound lacks, as the plain algorithm counts.</summary>
    private static long Missing(IEnumerable<Spend> spent, Instant at, long rate, long units)
    {
        var (missing, last) = (0L, Make.Start);
        foreach (var spend in spent)
        {
            missing = Math.Max(0, missing - (spend.At - last) * rate) + spend.Tokens * units;
            last = spend.At;
        }
        return Math.Max(0, missing - (at - last) * rate);
    }

    private static Instant EndOf(Instant at) => new(Ceiling.ToMultiple(at.UnixMilliseconds, SlotMs));

    private static void Drop(ref SpendLog log, Queue<Instant> spent, long tokens)
    {
        log.Drop(tokens);
        for (; tokens > 0; tokens--) spent.Dequeue();
    }

    private static IEnumerable<Instant> Told(SpendLog log) =>
        log.ToReport().SelectMany(spend => Enumerable.Repeat(spend.At, (int)spend.Tokens));
}
