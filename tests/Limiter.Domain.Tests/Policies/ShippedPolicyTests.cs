using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

public class ShippedPolicyTests
{
    public static TheoryData<string> Names => [.. ShippedPolicies.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shipped_policy_compiles_under_its_own_name(string name)
    {
        var policy = ShippedPolicies.Load(name);

        policy.Name.ShouldBe(name);
        policy.Digest.Length.ShouldBe(32);
    }

    [Theory]
    [InlineData("workestra", "anonymous", "minute:10 critical:- export:- write:-")]
    [InlineData("workestra", "standard", "minute:100 critical:- export:- write:-")]
    [InlineData("workestra", "professional", "minute:500 critical:- export:- write:-")]
    [InlineData("workestra", "enterprise", "minute:2000 critical:- export:- write:-")]
    [InlineData("wundertre", "standard", "minute:60")]
    [InlineData("waqti", "basic", "minute:60 day:1000")]
    [InlineData("waqti", "professional", "minute:300 day:10000")]
    [InlineData("waqti", "enterprise", "minute:1000 day:unlimited")]
    [InlineData("lms", "professional", "hour:1000 burst:100 export:- bulk:- search:-")]
    [InlineData("lms", "enterprise", "hour:10000 burst:500 export:- bulk:- search:-")]
    [InlineData("lms", "custom", "hour:- burst:- export:- bulk:- search:-")]
    [InlineData("points", "build", "points:100")]
    [InlineData("points", "enterprise", "points:1000")]
    public void Every_plan_has_the_contracts_numbers(string name, string plan, string numbers)
    {
        var policy = ShippedPolicies.Load(name);

        var found = policy.FindPlan(plan)!;

        string.Join(' ', policy.Limits.Select(limit => $"{limit.Name}:{found.Numbers[limit.Index] switch
        {
            null => "-",
            Schedule.Unlimited => "unlimited",
            var number => number.Value.ToString(null, null),
        }}")).ShouldBe(numbers);
        found.Negotiated.ShouldBe(plan == "custom");
    }

    [Theory]
    [InlineData("POST", "/auth/login", "critical")]
    [InlineData("POST", "/auth/token/refresh", "critical")]
    [InlineData("POST", "/AUTH/Login", "critical")]
    [InlineData("post", "/auth/login", "critical")]
    [InlineData("POST", "/users", "critical")]
    [InlineData("PUT", "/users/7/password", "critical")]
    [InlineData("GET", "/export/deals", "export")]
    [InlineData("POST", "/contacts/import", "export")]
    [InlineData("POST", "/contacts/bulk", "export")]
    [InlineData("POST", "/reports/weekly", "export")]
    [InlineData("POST", "/contacts", "write")]
    [InlineData("PUT", "/deals/7", "write")]
    [InlineData("PATCH", "/deals/7", "write")]
    [InlineData("DELETE", "/tasks/7", "write")]
    [InlineData("POST", "/auth", "write")]
    [InlineData("PUT", "/users/7", "write")]
    [InlineData("POST", "/", "write")]
    [InlineData("GET", "/contacts", "standard")]
    [InlineData("GET", "/auth/login", "standard")]
    [InlineData("GET", "/", "standard")]
    [InlineData("HEAD", "/contacts", "standard")]
    [InlineData("HEAD", "/export/contacts", "export")]
    public void Workestra_puts_each_route_in_its_group(string method, string path, string group) =>
        ShippedPolicies.Load("workestra").Endpoints.Match(method, path).Group.ShouldBe(group);

    [Fact]
    public void Workestra_counts_each_group_in_the_minute_and_in_its_own_limit()
    {
        var policy = ShippedPolicies.Load("workestra");

        policy.Layouts.Length.ShouldBe(1);
        policy.Layouts[0].Limits.Select(limit => limit?.Name).ShouldBe([null, "minute", "critical", "export", "write"]);
        Mask(policy, "POST", "/users").ShouldBe(0b00111u);
        Mask(policy, "GET", "/export/all").ShouldBe(0b01011u);
        Mask(policy, "POST", "/contacts").ShouldBe(0b10011u);
        Mask(policy, "GET", "/contacts").ShouldBe(0b00011u);
        policy.Anonymous!.Name.ShouldBe("anonymous");
    }

    [Fact]
    public void Waqti_keeps_its_day_in_the_count_that_every_bucket_has()
    {
        var policy = ShippedPolicies.Load("waqti");

        policy.Layouts[0].DayLimit!.Name.ShouldBe("day");
        policy.Layouts[0].RuleAt(0).ShouldBe(LimitRule.Day);
        policy.Layouts[0].Limits.Select(limit => limit!.Name).ShouldBe(["day", "minute"]);
        Mask(policy, "GET", "/purchase-orders").ShouldBe(0b11u);
        policy.Response.Described!.Name.ShouldBe("minute");
        policy.Response.RemainingWhenDenied.ShouldBe(RemainingWhenDenied.Zero);
        policy.Limits[0].Rule.ShouldBe(LimitRule.Sliding(policy.Limits[0].Rule.Id, 60_000));
    }

    [Theory]
    [InlineData("POST", "/courses/7/export", "export", 0b001111u, null)]
    [InlineData("POST", "/students/bulk", "bulk", 0b010111u, 100L)]
    [InlineData("POST", "/enrollments/bulk", "bulk", 0b010111u, 100L)]
    [InlineData("GET", "/search/courses", "search", 0b100111u, null)]
    [InlineData("GET", "/courses", "standard", 0b000111u, null)]
    public void Lms_counts_each_route_in_its_own_hour(
        string method, string path, string group, uint mask, long? records)
    {
        var policy = ShippedPolicies.Load("lms");

        var rule = policy.Endpoints.Match(method, path);

        rule.Group.ShouldBe(group);
        rule.RecordsMax.ShouldBe(records);
        rule.Cost.ShouldBe(1);
        // From the right: the day's count, the hour, the burst, export, bulk, search.
        rule.Demands.ShouldBe([new Demand(0, mask)]);
    }

    [Fact]
    public void Lms_is_counted_per_key()
    {
        var policy = ShippedPolicies.Load("lms");

        policy.RequiresKey.ShouldBeTrue();
        policy.Layouts.Select(layout => layout.Partition).ShouldBe([Partition.Key]);
        policy.FindLimit("burst")!.Rule.ShouldBe(LimitRule.TokenBucket(policy.FindLimit("burst")!.Rule.Id, 60_000));
        policy.Response.Described!.Name.ShouldBe("hour");
    }

    [Theory]
    [InlineData("GET", "/contacts/7", 1)]
    [InlineData("GET", "/contacts", 3)]
    [InlineData("POST", "/contacts", 3)]
    [InlineData("PUT", "/contacts/7", 3)]
    [InlineData("PATCH", "/contacts/7", 3)]
    [InlineData("DELETE", "/contacts/7", 3)]
    [InlineData("POST", "/search", 5)]
    [InlineData("GET", "/search", 5)]
    [InlineData("POST", "/contacts/search", 5)]
    [InlineData("POST", "/aggregate", 8)]
    [InlineData("GET", "/contacts/aggregate", 8)]
    [InlineData("POST", "/batch", 10)]
    [InlineData("POST", "/contacts/batch", 10)]
    public void Points_costs_what_the_route_costs(string method, string path, long cost) =>
        ShippedPolicies.Load("points").Endpoints.Match(method, path).Cost.ShouldBe(cost);

    [Fact]
    public void Points_lets_a_caller_state_1_to_10()
    {
        var policy = ShippedPolicies.Load("points");

        policy.Cost.ShouldBe(new CostBounds(1, 10));
        policy.Response.Reset.ShouldBe(ResetFormat.HttpDate);
    }

    [Theory]
    [InlineData("workestra", WhenUnreachable.Closed)]
    [InlineData("wundertre", WhenUnreachable.Open)]
    [InlineData("waqti", WhenUnreachable.Closed)]
    [InlineData("lms", WhenUnreachable.Closed)]
    [InlineData("points", WhenUnreachable.Closed)]
    public void Only_wundertre_is_open_while_the_store_is_away(string name, WhenUnreachable choice) =>
        ShippedPolicies.Load(name).WhenUnreachable.ShouldBe(choice);

    private static uint Mask(Policy policy, string method, string path) =>
        policy.Endpoints.Match(method, path).Demands.ShouldHaveSingleItem().Mask;
}
