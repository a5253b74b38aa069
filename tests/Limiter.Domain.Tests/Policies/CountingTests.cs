using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

public sealed class CountingTests
{
    [Theory]
    [InlineData("workestra")]
    [InlineData("wundertre")]
    [InlineData("waqti")]
    [InlineData("lms")]
    [InlineData("points")]
    public void Under_the_same_policy_a_rule_s_own_limits_are_found_again(string name)
    {
        var policy = ShippedPolicies.Load(name);
        foreach (var rule in policy.Endpoints.Rules.Append(policy.Endpoints.Otherwise).Where(rule => !rule.IsExempt))
            Counting.Find(rule.Counting, policy.Layouts)
                .ShouldBe(rule.Demands.Select(demand => demand with { Shadows = 0 }), rule.Template);
    }

    [Fact]
    public void It_names_each_bucket_and_its_limits_without_shadows()
    {
        var policy = Compile(
            """
            {
              "hour": { "algorithm": "slidingWindow", "window": "1h", "number": 9, "per": "key" },
              "day": { "algorithm": "calendar", "window": "day", "number": 9 },
              "minute": { "algorithm": "fixedWindow", "window": "60s", "number": 9 },
              "tried": { "algorithm": "fixedWindow", "window": "60s", "number": 9, "shadow": true }
            }
            """);
        policy.Endpoints.Otherwise.Counting.ShouldBe("tenant:@day,minute;key:@day,hour");
    }

    [Fact]
    public void Under_another_policy_only_what_counted_then_and_counts_now_is_found()
    {
        const string counting = "tenant:@day,minute,gone;ip:@day,burst";
        var policy = Compile(
            """
            {
              "other": { "algorithm": "fixedWindow", "window": "60s", "number": 9 },
              "minute": { "algorithm": "fixedWindow", "window": "60s", "number": 9 },
              "burst": { "algorithm": "fixedWindow", "window": "60s", "number": 9, "per": "key" }
            }
            """);
        Counting.Find(counting, policy.Layouts).ShouldBe([new Demand(0, 0b101)]);
        Counting.Find("", policy.Layouts).ShouldBeEmpty();
        var shadowed = Compile(
            """
            { "minute": { "algorithm": "fixedWindow", "window": "60s", "number": 9, "shadow": true } }
            """);
        Counting.Find(counting, shadowed.Layouts).ShouldBe([new Demand(0, 0b1)]);
    }

    private static Policy Compile(string limits)
    {
        var text = PolicyText.With(limits: limits, plans: """{ "basic": {} }""");
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out var policy, out var errors)
            .ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }
}
