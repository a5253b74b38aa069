using FsCheck;
using FsCheck.Fluent;
using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

/// <summary>
/// One pass finds what summing finds, also with charges that are dated before the bucket hears of them.
/// </summary>
public sealed class ChargedBruteForceTests
{
    private const long Number = 20;
    private const long WindowMs = 1_000;
    private const int Histories = 3_000;

    private static readonly Allowance _allowance = new(LeaseLifetimeMs: 200);

    private static readonly Gen<(long Ms, long Tokens)[]> Spent = Tally.HistoriesOf(25);

    // Heard of at once, or up to a window later.
    private static readonly Gen<(long Ms, long KnownMs, long Tokens)> Charge =
        from ms in Gen.Choose(0, 5_000)
        from lateMs in Gen.OneOf(Gen.Constant(0), Gen.Choose(1, (int)WindowMs))
        from tokens in Gen.Choose(1, 12)
        select ((long)ms, (long)(ms + lateMs), (long)tokens);

    // In the order of dates, as an edge tells them.
    private static readonly Gen<(long Ms, long KnownMs, long Tokens)[]> Charged =
        from charges in Charge.ListOf()
        select charges.Take(8).OrderBy(charge => charge.Ms).ToArray();

    [Fact]
    public void A_fixed_window_with_charges_is_judged_as_by_summing() =>
        Agrees(LimitRule.Fixed(World.Name, WindowMs));

    [Fact]
    public void A_sliding_window_with_charges_is_judged_as_by_summing() =>
        Agrees(LimitRule.Sliding(World.Name, WindowMs));

    [Fact]
    public void A_token_bucket_with_charges_is_judged_as_by_summing() =>
        Agrees(LimitRule.TokenBucket(World.Name, WindowMs));

    private static void Agrees(LimitRule rule)
    {
        var (overForCharges, within) = (0, 0);
        Prop.ForAll(Gen.Zip(Spent, Charged).ToArbitrary(), history =>
        {
            var (spent, charged) = (history.Item1, history.Item2);
            var isOver = TallyOf(rule, spent, charged).IsOver();
            if (!isOver) within++;
            else if (!TallyOf(rule, spent, []).IsOver()) overForCharges++;
            return Judge(rule, spent, charged).IsClean != isOver;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Histories));
        // The histories have to come down on both sides, or they would show nothing.
        overForCharges.ShouldBeGreaterThan(Histories / 20);
        within.ShouldBeGreaterThan(Histories / 20);
    }

    private static Verdict Judge(
        LimitRule rule, (long Ms, long Tokens)[] spent, (long Ms, long KnownMs, long Tokens)[] charged)
    {
        var world = new World(rule, Number, _allowance);
        foreach (var (ms, tokens) in spent) world.Admit(ms, tokens);
        foreach (var (ms, _, tokens) in charged) world.Degrade(ms, tokens);
        foreach (var (ms, knownMs, tokens) in charged) world.Recover(ms, knownMs, tokens);
        return world.Auditor.Conclude();
    }

    private static ChargedTally TallyOf(
        LimitRule rule, (long Ms, long Tokens)[] spent, (long Ms, long KnownMs, long Tokens)[] charged) => new(
        rule,
        Number,
        _allowance.ChargeBindsAfterMs,
        [.. spent.Select(entry => (World.At(entry.Ms), entry.Tokens))],
        [.. charged.Select(charge => (World.At(charge.Ms), World.At(charge.KnownMs), charge.Tokens))]);
}
