namespace Limiter.Domain.Tests.Policies;

public class PlanErrorTests
{
    [Theory]
    [InlineData("""{}""", "$.plans", "is an object of 0 plans; an object of 1 to 100 plans by name is accepted")]
    [InlineData("""null""", "$.plans", "is null; an object of 1 to 100 plans")]
    [InlineData(
        """{ "basic": 60 }""",
        "$.plans.basic",
        "is the number 60; an object with a number for each limit, or \"negotiated\"")]
    [InlineData("""{ "basic": {} }""", "$.plans.basic", "has no number for the limit \"minute\"")]
    [InlineData("""{ "basic": { "minute": 0 } }""", "$.plans.basic.minute", "is the number 0; a whole number from 1")]
    [InlineData("""{ "basic": { "minute": -5 } }""", "$.plans.basic.minute", "is the number -5; a whole number from 1")]
    [InlineData(
        """{ "basic": { "minute": 1e3 } }""",
        "$.plans.basic.minute",
        "is the number 1e3; a whole number from 1")]
    [InlineData(
        """{ "basic": { "minute": "endless" } }""",
        "$.plans.basic.minute",
        "or \"unlimited\", or \"negotiated\" is accepted")]
    [InlineData("""{ "basic": { "minute": true } }""", "$.plans.basic.minute", "is true; a whole number")]
    [InlineData(
        """{ "basic": { "minute": 60, "minutes": 1 } }""",
        "$.plans.basic.minutes",
        "is no limit of this policy. Did you mean \"minute\"? Limits are \"minute\"")]
    [InlineData("""{ "ba sic": { "minute": 60 } }""", "$.plans['ba sic']", "a plan's name is 1 to 64 characters")]
    public void A_plan_says_what_is_wrong_with_it(string plans, string path, string message) =>
        PolicyText.ShouldFail(PolicyText.With(plans: plans), path, PolicyText.PlansLine, message);

    [Fact]
    public void Anonymous_callers_have_no_negotiated_plan()
    {
        var text = PolicyText.With(plans: "{ \"custom\": \"negotiated\" }", more: "\"anonymous\": \"custom\"");

        PolicyText.ShouldFail(text, "$.anonymous", PolicyText.MoreLine,
            "is the negotiated plan \"custom\"; a plan with numbers is accepted");
    }

    [Fact]
    public void A_plan_negotiates_no_number_that_the_limit_has_itself()
    {
        var text = PolicyText.With(
            limits: """{ "minute": { "algorithm": "fixedWindow", "window": "60s", "number": 5 } }""",
            plans: """{ "custom": { "minute": "negotiated" } }""");

        PolicyText.ShouldFail(text, "$.plans.custom.minute", PolicyText.PlansLine,
            "the limit has a number of its own, which would hold");
    }
}
