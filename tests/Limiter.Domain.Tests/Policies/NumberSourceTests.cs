using System.Collections.Immutable;
using System.Text;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Tests.Buckets;

namespace Limiter.Domain.Tests.Policies;

public sealed class NumberSourceTests
{
    private static readonly Policy Policy = Compile(PolicyText.With(
        limits: """
            {
              "minute": { "algorithm": "fixedWindow", "window": "60s" },
              "half": { "algorithm": "fixedWindow", "window": "60s", "number": "50% of minute" },
              "own": { "algorithm": "fixedWindow", "window": "60s", "number": 7 },
              "agreed": { "algorithm": "fixedWindow", "window": "60s" }
            }
            """,
        plans: """
            {
              "basic": { "minute": 61, "agreed": 5 }, "large": { "minute": "unlimited", "agreed": 5, "own": 9 },
              "custom": "negotiated"
            }
            """));

    [Fact]
    public void The_number_it_tells_is_the_resolvers_at_every_time() => Seeds.Each(500, dice =>
    {
        var plan = dice.Of([.. Policy.Plans]);
        var tenant = Tenant(plan.Name);
        foreach (var limit in Policy.Limits)
        {
            if (dice.Percent(30))
                tenant = tenant with { Overrides = tenant.Overrides.SetItem(limit.Rule.Id, dice.Next(0, 500)) };
            if (dice.Percent(50)) tenant = Adjusted(tenant, limit, dice);
        }
        foreach (var limit in Policy.Limits)
        {
            var schedule = TermsResolver.InForce(Policy, limit, plan, tenant);
            for (var second = -1; second <= 101; second++)
            {
                var source = NumberSource.Of(Policy, limit, plan, tenant, Make.At(second));
                source.InForce.ShouldBe(schedule.At(Make.At(second)), $"{limit.Name} at {second}");
            }
        }
    });

    [Fact]
    public void It_names_the_place_where_the_number_stands()
    {
        var adjustment = new Adjustment(500_000, null, Make.At(10), "scraping");
        var tenant = Tenant("basic") with
        {
            Overrides = ImmutableDictionary<LimitId, long>.Empty.Add(Make.Id("own"), 70),
            Adjustments = ImmutableDictionary<LimitId, Adjustment>.Empty.Add(Make.Minute, adjustment),
        };
        Of("minute", tenant).ShouldBe(new NumberSource(NumberOrigin.Plan, 61, 30, null, adjustment));
        Of("own", tenant).ShouldBe(new NumberSource(NumberOrigin.Override, 70, 70, null, null));
        Of("own", null).ShouldBe(new NumberSource(NumberOrigin.Limit, 7, 7, null, null));
        var half = Of("half", tenant);
        (half.Origin, half.Stated, half.InForce).ShouldBe((NumberOrigin.Percentage, 15, 15));
        half.Base.ShouldBe((Policy.FindLimit("minute")!, Of("minute", tenant)));
        NumberSource.Of(Policy, Policy.FindLimit("agreed")!, Policy.FindPlan("custom")!, tenant, Make.Start)
            .ShouldBe(new NumberSource(NumberOrigin.Missing, 0, 0, null, null));
    }

    private static NumberSource Of(string limit, TenantRecord? tenant) =>
        NumberSource.Of(Policy, Policy.FindLimit(limit)!, Policy.FindPlan("basic")!, tenant, Make.Start);

    private static TenantRecord Adjusted(TenantRecord tenant, LimitDefinition limit, Dice dice)
    {
        var until = Make.At(dice.Next(0, 100));
        var adjustment = dice.Percent(50)
            ? new Adjustment(dice.Next(0, 3_000_000), null, until, "load")
            : new Adjustment(null, dice.Next(0, 100), until, "load");
        return tenant with { Adjustments = tenant.Adjustments.SetItem(limit.Rule.Id, adjustment) };
    }

    private static TenantRecord Tenant(string plan)
    {
        TenantId.TryParse("acme", out var id).ShouldBeTrue();
        return new TenantRecord(
            id, plan, 1, Make.Start, ImmutableDictionary<LimitId, long>.Empty,
            ImmutableDictionary<LimitId, Adjustment>.Empty);
    }

    private static Policy Compile(string text)
    {
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out var policy, out var errors)
            .ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }
}
