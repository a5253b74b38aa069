using FsCheck;
using FsCheck.Fluent;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

/// <summary>One pass finds what summing every window and every interval finds, on histories near the limit.</summary>
public sealed class BruteForceTests
{
    private const long Number = 20;
    private const int Histories = 3_000;

    private static readonly Gen<(long Ms, long Tokens)[]> History = Tally.HistoriesOf(40);

    public static TheoryData<int> Refills => [1, 40, 100, 180];

    [Fact]
    public void A_fixed_window_is_judged_as_by_summing_each_window() => Agrees(LimitRule.Fixed(World.Name, 1_000));

    [Fact]
    public void A_sliding_window_is_judged_as_by_summing_each_interval() =>
        Agrees(LimitRule.Sliding(World.Name, 1_000));

    [Theory]
    [MemberData(nameof(Refills))]
    public void A_token_bucket_is_judged_as_by_summing_each_interval(int percent) =>
        Agrees(LimitRule.TokenBucket(World.Name, 1_000, percent));

    [Fact]
    public void A_lowered_number_is_judged_as_by_its_greatest_of_late()
    {
        var allowance = new Allowance(LeaseLifetimeMs: 500, KnownWithinMs: 200, ClockErrorMs: 100);
        long Allowed(Instant at) => at < World.At(2_000 + 800) ? Number : Number / 2;
        foreach (var rule in (LimitRule[])[LimitRule.Fixed(World.Name, 1_000), LimitRule.Sliding(World.Name, 1_000)])
            Agrees(rule, Allowed, history =>
            {
                var world = new World(rule, Number, allowance).Change(2_000, Number / 2);
                foreach (var (ms, tokens) in history) world.Admit(ms, tokens);
                return world.Auditor.Conclude();
            });
    }

    private static void Agrees(LimitRule rule) => Agrees(rule, _ => Number, history =>
    {
        var world = new World(rule, Number);
        foreach (var (ms, tokens) in history) world.Admit(ms, tokens);
        return world.Auditor.Conclude();
    });

    private static void Agrees(
        LimitRule rule, Func<Instant, long> allowed, Func<(long Ms, long Tokens)[], Verdict> judge)
    {
        var (over, within) = (0, 0);
        Prop.ForAll(History.ToArbitrary(), history =>
        {
            var isOver = Tally.IsOver(rule, [.. history.Select(entry => (World.At(entry.Ms), entry.Tokens))], allowed);
            if (isOver) over++;
            else within++;
            return judge(history).IsClean != isOver;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Histories));
        // The histories have to come down on both sides, or they would show nothing.
        over.ShouldBeGreaterThan(Histories / 20);
        within.ShouldBeGreaterThan(Histories / 20);
    }
}
