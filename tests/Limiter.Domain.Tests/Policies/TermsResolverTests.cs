using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Domain.Tests.Policies;

public class TermsResolverTests
{
    private static readonly Instant Now = new(1_767_225_600_000);
    private static readonly Instant Later = Now + 3_600_000;
    private static readonly Instant MuchLater = Now + 7_200_000;

    [Fact]
    public void A_plans_number_holds_without_more()
    {
        var terms = Resolve("workestra", "standard");

        terms.Limits.Select(limit => $"{limit.Rule.Id} {limit.Schedule}")
            .ShouldBe(["@day unlimited", "minute 100", "critical 10", "export 10", "write 50"]);
        terms.Version.ShouldBe(new TermsVersion(7, 42));
    }

    [Fact]
    public void An_anonymous_caller_has_the_plans_numbers_at_version_0()
    {
        var policy = ShippedPolicies.Load("workestra");

        var terms = TermsResolver.Resolve(policy, 7, 0, policy.Anonymous!, null);

        terms.Limits[terms.PositionOf(policy.FindLimit("write")!.Rule.Id)].Schedule.ShouldBe(Schedule.Constant(5));
        terms.Version.ShouldBe(new TermsVersion(7, 0));
    }

    [Fact]
    public void A_daily_limit_is_the_number_of_the_days_count()
    {
        var terms = Resolve("waqti", "basic");

        terms.Limits[0].ShouldBe(new LimitTerms(LimitRule.Day, Schedule.Constant(1_000)));
        Resolve("waqti", "enterprise").Limits[0].Schedule.ShouldBe(Schedule.AlwaysUnlimited);
    }

    [Fact]
    public void An_override_holds_over_the_plan_and_percentages_follow_it() =>
        Schedules("workestra", "standard", Override("minute", 301))
            .ShouldBe(["minute 301", "critical 10", "export 10", "write 150"]);

    [Fact]
    public void An_override_holds_over_a_limits_own_number_and_over_a_percentage()
    {
        Schedules("workestra", "standard", Override("critical", 25))[1].ShouldBe("critical 25");
        Schedules("workestra", "standard", Override("write", 99))[3].ShouldBe("write 99");
    }

    [Fact]
    public void A_factor_holds_until_its_time_and_ends_by_itself()
    {
        var schedules = Schedules("workestra", "standard", Adjust("minute", factorPpm: 505_000));

        schedules[0].ShouldBe($"minute 50 until {Later}, 100");
        // Half of the number in force, each time rounded down.
        schedules[3].ShouldBe($"write 25 until {Later}, 50");
    }

    [Fact]
    public void A_number_for_a_time_holds_over_the_override() =>
        Schedules("workestra", "standard", Both(Override("minute", 300), Adjust("minute", number: 20)))[0]
            .ShouldBe($"minute 20 until {Later}, 300");

    [Fact]
    public void A_percentage_and_its_base_can_both_be_adjusted()
    {
        var tenant = Both(
            Adjust("minute", number: 1_000),
            record => record with
            {
                Adjustments = record.Adjustments.Add(Id("write"), new Adjustment(2_000_000, null, MuchLater, "launch")),
            });

        Schedules("workestra", "standard", tenant)[3]
            .ShouldBe($"write 1000 until {Later}, 100 until {MuchLater}, 50");
    }

    [Fact]
    public void A_percentages_own_adjustment_can_end_before_its_bases()
    {
        var tenant = Both(
            Adjust("write", number: 7),
            record => record with
            {
                Adjustments = record.Adjustments.Add(Id("minute"), new Adjustment(null, 10, MuchLater, "abuse")),
            });

        Schedules("workestra", "standard", tenant)[3].ShouldBe($"write 7 until {Later}, 5 until {MuchLater}, 50");
    }

    [Fact]
    public void An_unlimited_number_stays_unlimited_under_a_factor_and_yields_to_a_number()
    {
        Resolve("waqti", "enterprise", Adjust("day", factorPpm: 1)).Limits[0].Schedule
            .ShouldBe(Schedule.AlwaysUnlimited);
        Resolve("waqti", "enterprise", Adjust("day", number: 5)).Limits[0].Schedule.ToString()
            .ShouldBe($"5 until {Later}, unlimited");
    }

    [Fact]
    public void A_percentage_of_an_unlimited_number_is_unlimited()
    {
        const string limit = "\"algorithm\": \"fixedWindow\", \"window\": \"60s\"";
        var policy = ShippedPolicies.Compile(PolicyText.With(
            limits: $$"""{ "half": { {{limit}}, "number": "50% of minute" }, "minute": { {{limit}} } }""",
            plans: """{ "basic": { "minute": "unlimited" } }"""));

        TermsResolver.InForce(policy, policy.Limits[0], policy.Plans[0], null).ShouldBe(Schedule.AlwaysUnlimited);
    }

    [Fact]
    public void No_number_exceeds_the_greatest() =>
        Schedules("workestra", "standard", Both(
            Override("minute", Schedule.NumberMax), Adjust("minute", factorPpm: Adjustment.FactorPpmMax)))[0]
            .ShouldBe("minute 1000000000");

    [Fact]
    public void A_factor_of_0_stops_a_tenant_for_a_time() =>
        Schedules("points", "build", Adjust("points", factorPpm: 0))[0].ShouldBe($"points 0 until {Later}, 100");

    [Fact]
    public void An_adjustment_that_changes_nothing_leaves_one_step() =>
        Schedules("points", "build", Adjust("points", factorPpm: 1_000_000))[0].ShouldBe("points 100");

    [Fact]
    public void A_percentage_is_that_of_the_number_in_force_at_every_time() =>
        Prop.ForAll(
            Gen.Choose(1, 1_000).ToArbitrary(),
            Gen.Choose(0, 3_000_000).ToArbitrary(),
            Gen.Choose(-3_600_000, 10_800_000).ToArbitrary(),
            (number, factor, after) =>
            {
                var tenant = Both(Override("minute", number), Adjust("minute", factorPpm: factor));
                var limits = Resolve("workestra", "standard", tenant).Limits;
                var at = Now + after;
                return limits[4].Schedule.At(at) == limits[1].Schedule.At(at) * 50 / 100
                    && limits[1].Schedule.At(at) == (at < Later ? (long)number * factor / 1_000_000 : number);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void A_negotiated_plan_lacks_the_numbers_that_the_overrides_do_not_bring()
    {
        var policy = ShippedPolicies.Load("lms");
        var custom = policy.FindPlan("custom")!;
        var none = ImmutableDictionary<LimitId, long>.Empty;

        TermsResolver.MissingNumbers(policy, custom, none).ShouldBe([Id("hour"), Id("burst")]);
        TermsResolver.MissingNumbers(policy, custom, none.Add(Id("hour"), 5)).ShouldBe([Id("burst")]);
        TermsResolver.MissingNumbers(policy, policy.FindPlan("enterprise")!, none).ShouldBeEmpty();
    }

    [Fact]
    public void A_limit_left_without_a_number_lets_nothing_pass() =>
        Schedules("lms", "custom", Override("hour", 5)).Take(2).ShouldBe(["hour 5", "burst 0"]);

    private static Func<TenantRecord, TenantRecord> Override(string limit, long number) =>
        record => record with { Overrides = record.Overrides.Add(Id(limit), number) };

    private static Func<TenantRecord, TenantRecord> Adjust(string limit, long? factorPpm = null, long? number = null) =>
        record => record with
        {
            Adjustments = record.Adjustments.Add(Id(limit), new Adjustment(factorPpm, number, Later, "a test")),
        };

    private static Func<TenantRecord, TenantRecord> Both(
        Func<TenantRecord, TenantRecord> first, Func<TenantRecord, TenantRecord> second) =>
        record => second(first(record));

    private static string[] Schedules(string name, string plan, Func<TenantRecord, TenantRecord> change) =>
        [.. Resolve(name, plan, change).Limits.Skip(1).Select(limit => $"{limit.Rule.Id} {limit.Schedule}")];

    private static Terms Resolve(string name, string plan, Func<TenantRecord, TenantRecord>? change = null)
    {
        var policy = ShippedPolicies.Load(name);
        TenantId.TryParse("acme", out var id).ShouldBeTrue();
        var record = new TenantRecord(id, plan, 42, Now,
            ImmutableDictionary<LimitId, long>.Empty, ImmutableDictionary<LimitId, Adjustment>.Empty);
        return TermsResolver.Resolve(policy, 7, 0, policy.FindPlan(plan)!, change?.Invoke(record) ?? record);
    }

    private static LimitId Id(string name) => LimitId.TryParse(name, out var id) ? id : throw new FormatException(name);
}
