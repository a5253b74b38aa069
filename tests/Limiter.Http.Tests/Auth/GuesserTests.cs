using Limiter.Engine.Clocks;
using Limiter.Http.Auth;

namespace Limiter.Http.Tests.Auth;

public sealed class GuesserTests
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Of_too_many_right_keys_the_one_that_was_not_shown_for_longest_is_forgotten_and_no_operator_s()
    {
        var guesser = new Guesser(Guesser.WrongMax, _clock);
        guesser.Right("admin", KeyHolder.Admin);
        guesser.Right("gateway", KeyHolder.Gateway);
        for (var i = 0; i < RightKeys.OthersMax; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            guesser.Right($"key-{i}", KeyHolder.Client);
        }
        // Shown again, so the next of them is the oldest.
        _clock.Advance(TimeSpan.FromMinutes(1));
        guesser.Right("key-0", KeyHolder.Client);
        _clock.Advance(TimeSpan.FromSeconds(1));
        guesser.Right("one more", KeyHolder.Client);
        Guess(guesser);
        guesser.WaitFor("key-1").ShouldBe(60);
        foreach (var key in new[] { "admin", "gateway", "key-0", "key-2", "key-63", "one more" })
            guesser.WaitFor(key).ShouldBeNull(key);
    }

    [Fact]
    public void A_right_key_counts_for_ten_minutes_and_each_minute_in_which_it_is_shown_prolongs_that()
    {
        var guesser = new Guesser(Guesser.WrongMax, _clock);
        for (var minute = 0; minute < 30; minute++)
        {
            guesser.Right("used", KeyHolder.Client);
            if (minute == 0) guesser.Right("left", KeyHolder.Client);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
        Guess(guesser);
        guesser.WaitFor("used").ShouldBeNull();
        guesser.WaitFor("left").ShouldBe(60);
        _clock.Advance(TimeSpan.FromMinutes(8.9));
        guesser.IsForgettable.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMinutes(0.1));
        guesser.IsForgettable.ShouldBeTrue();
    }

    [Fact]
    public void A_key_that_is_known_costs_no_memory()
    {
        var guesser = new Guesser(Guesser.WrongMax, _clock);
        Show(guesser);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Show(guesser);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static void Show(Guesser guesser)
    {
        if (KeyGuesses.Refuse(guesser, "gateway") is null) guesser.Right("gateway", KeyHolder.Gateway);
    }

    private static void Guess(Guesser guesser)
    {
        for (var i = 0; i < Guesser.WrongMax; i++) guesser.Wrong();
    }
}
