namespace Limiter.Domain.Tests.Policies;

public class LimitErrorTests
{
    [Theory]
    [InlineData("""{}""", "$.limits", "is an object of 0 limits; an object of 1 to 20 limits by name is accepted")]
    [InlineData("""[]""", "$.limits", "is an array; an object of 1 to 20 limits by name is accepted")]
    [InlineData(
        """{ "minute": 60 }""",
        "$.limits.minute",
        "is the number 60; an object is accepted, with \"algorithm\"")]
    [InlineData("""{ "minute": {} }""", "$.limits.minute", "has no \"algorithm\"; \"slidingWindow\"")]
    [InlineData("""{ "minute": { "algorithm": "fixedWindow" } }""", "$.limits.minute", "has no \"window\"; a duration")]
    [InlineData(
        """{ "minute": { "algorithm": "fixedwindow", "window": "60s" } }""",
        "$.limits.minute.algorithm",
        "is the text \"fixedwindow\". Did you mean \"fixedWindow\"? Accepted are")]
    [InlineData(
        """{ "minute": { "algorithm": 7, "window": "60s" } }""",
        "$.limits.minute.algorithm",
        "is the number 7. Accepted are")]
    [InlineData(
        """{ "minute": { "algorithm": "fixedWindow", "window": "60" } }""",
        "$.limits.minute.window",
        "is the text \"60\"; a whole number with s, m, h or d is accepted")]
    [InlineData(
        """{ "minute": { "algorithm": "fixedWindow", "window": 60 } }""",
        "$.limits.minute.window",
        "is the number 60; a whole number with s, m, h or d")]
    [InlineData(
        """{ "minute": { "algorithm": "fixedWindow", "window": "0s" } }""",
        "$.limits.minute.window",
        "from 1s to 31d")]
    [InlineData(
        """{ "minute": { "algorithm": "slidingWindow", "window": "32d" } }""",
        "$.limits.minute.window",
        "from 1s to 31d")]
    [InlineData(
        """{ "minute": { "algorithm": "slidingWindow", "window": "9999999999d" } }""",
        "$.limits.minute.window",
        "from 1s to 31d")]
    [InlineData(
        """{ "minute": { "algorithm": "tokenBucket", "window": "2d" } }""",
        "$.limits.minute.window",
        "from 1s to 1d")]
    [InlineData(
        """{ "minute": { "algorithm": "calendar", "window": "60s" } }""",
        "$.limits.minute.window",
        "Accepted are \"hour\", \"day\", \"month\"")]
    [InlineData(
        """{ "minute": { "algorithm": "tokenBucket", "window": "60s", "refill": "0%" } }""",
        "$.limits.minute.refill",
        "a percentage from \"1%\" to \"10000%\"")]
    [InlineData(
        """{ "minute": { "algorithm": "tokenBucket", "window": "60s", "refill": 50 } }""",
        "$.limits.minute.refill",
        "is the number 50; a percentage")]
    [InlineData(
        """{ "Hour": { "algorithm": "fixedWindow", "window": "1h" } }""",
        "$.limits.Hour",
        "1 to 32 characters of a-z 0-9 - _")]
    [InlineData(
        """{ "binding": { "algorithm": "fixedWindow", "window": "1h" } }""",
        "$.limits.binding",
        "and not \"binding\"")]
    [InlineData(
        """{ "minute": { "algorithm": "fixedWindow", "window": "60s" }, "minute": 1 }""",
        "$.limits.minute",
        "is given twice, first on line 3")]
    public void A_limit_says_what_is_wrong_with_it(string limits, string path, string message) =>
        PolicyText.ShouldFail(PolicyText.With(limits: limits), path, PolicyText.LimitsLine, message);

    [Theory]
    [InlineData("per", "\"user\"", "Accepted are \"tenant\", \"key\", \"ip\"")]
    [InlineData("refill", "\"50%\"", "is accepted only where the algorithm is \"tokenBucket\"")]
    [InlineData("number", "0", "is the number 0; a whole number from 1 to 1,000,000,000")]
    [InlineData("number", "1000000001", "a whole number from 1 to 1,000,000,000")]
    [InlineData("number", "1.5", "is the number 1.5; a whole number")]
    [InlineData("number", "\"1\"", "is the text \"1\"; a whole number")]
    [InlineData("number", "\"0% of minute\"", "a percentage of another limit")]
    [InlineData(
        "number",
        "\"50% of hour\"",
        "is a percentage of \"hour\", which is no limit of this policy. Limits are \"minute\"")]
    [InlineData("number", "\"50% of minute\"", "which is itself a percentage")]
    [InlineData("groups", "[]", "is not a list of group names")]
    [InlineData(
        "groups",
        "[\"standrad\"]",
        "is no group of this policy. Did you mean \"standard\"? Groups are \"standard\"",
        "groups[0]")]
    [InlineData(
        "windows",
        "1",
        "is not a known property. Did you mean \"window\"? "
        + "Accepted are \"algorithm\", \"window\", \"per\", \"number\"")]
    public void A_limits_property_says_what_is_wrong_with_it(
        string property, string value, string message, string? path = null)
    {
        var text = PolicyText.With(limits:
            $$"""{ "minute": { "algorithm": "fixedWindow", "window": "60s", "{{property}}": {{value}} } }""");

        PolicyText.ShouldFail(text, $"$.limits.minute.{path ?? property}", PolicyText.LimitsLine, message);
    }

    [Fact]
    public void A_percentage_is_counted_per_the_same_as_its_base()
    {
        var text = PolicyText.With(limits: """
            { "minute": { "algorithm": "fixedWindow", "window": "60s" },
              "a": { "algorithm": "fixedWindow", "window": "60s", "per": "key", "number": "50% of minute" } }
            """);

        PolicyText.ShouldFail(text, "$.limits.a.number", 4,
            "is a percentage of \"minute\", which is counted per tenant and not per key");
    }

    [Fact]
    public void A_chain_of_percentages_is_refused()
    {
        const string limit = "\"algorithm\": \"fixedWindow\", \"window\": \"60s\"";
        var text = PolicyText.With(limits: $$"""
            { "minute": { {{limit}} },
              "a": { {{limit}}, "number": "50% of minute" },
              "b": { {{limit}}, "number": "50% of a" } }
            """);

        PolicyText.ShouldFail(text, "$.limits.b.number", 5, "is a percentage of \"a\", which is itself a percentage");
    }
}
