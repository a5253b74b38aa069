using System.Text;
using Limiter.Domain;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Checks;

/// <summary>What every adapter of <see cref="IRememberedChecks"/> does.</summary>
public abstract class RememberedChecksConformance
{
    protected ManualClock Clock { get; } = new(Times.Start);

    protected abstract IRememberedChecks Checks { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Instant Now => Instant.From(Clock.GetUtcNow());

    [Fact]
    public async Task Saved_checks_come_back_as_they_were_in_the_order_of_time()
    {
        await Checks.SaveAsync([Check("b", 2), Check("é🙂", 1)], Cancellation);
        await Checks.SaveAsync([Check("c", 3)], Cancellation);
        var loaded = await Checks.LoadAsync(Now, 10, Cancellation);
        loaded.Select(check => check.Id).ShouldBe(["é🙂", "b", "c"]);
        loaded[1].Fingerprint.ShouldBe(Check("b", 2).Fingerprint);
        loaded[1].Answer.ShouldBe(Check("b", 2).Answer);
        loaded[1].At.ShouldBe(Check("b", 2).At);
    }

    [Fact]
    public async Task Only_the_latest_are_loaded_and_none_before_a_time()
    {
        await Checks.SaveAsync([.. Enumerable.Range(0, 10).Select(i => Check($"c{i}", i))], Cancellation);
        (await Checks.LoadAsync(Now, 3, Cancellation)).Select(check => check.Id).ShouldBe(["c7", "c8", "c9"]);
        (await Checks.LoadAsync(Now + 8, 3, Cancellation)).Select(check => check.Id).ShouldBe(["c8", "c9"]);
        (await Checks.LoadAsync(Now + 11, 3, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_later_check_replaces_an_earlier_one_of_the_same_id()
    {
        await Checks.SaveAsync([Check("a", 1), Check("a", 2)], Cancellation);
        await Checks.SaveAsync([Check("a", 3)], Cancellation);
        (await Checks.LoadAsync(Now, 10, Cancellation)).ShouldHaveSingleItem().At.ShouldBe(Now + 3);
    }

    [Fact]
    public async Task A_save_forgets_what_is_older_than_ten_minutes()
    {
        var start = Now;
        await Checks.SaveAsync([Check("a", 0), Check("b", 1)], Cancellation);
        Clock.Advance(TimeSpan.FromMilliseconds(IRememberedChecks.LifetimeMs + 1));
        await Checks.SaveAsync([], Cancellation);
        (await Checks.LoadAsync(start, 10, Cancellation)).ShouldHaveSingleItem().Id.ShouldBe("b");
    }

    [Fact]
    public async Task Saves_and_loads_are_bounded()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Checks.SaveAsync(
            [.. Enumerable.Repeat(Check("a", 0), IRememberedChecks.SaveMax + 1)], Cancellation));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Checks.LoadAsync(Now, 0, Cancellation));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await Checks.LoadAsync(Now, IRememberedChecks.LoadMax + 1, Cancellation));
    }

    private RememberedCheck Check(string id, long afterMs) => new(
        id, Encoding.UTF8.GetBytes($"fingerprint {id}"), Encoding.UTF8.GetBytes($"answer {id}"), Now + afterMs);
}
