using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

/// <summary>The schema that editors read agrees with the validator.</summary>
public partial class PolicySchemaTests
{
    private static readonly JsonElement Schema =
        JsonDocument.Parse(ShippedPolicies.Bytes("policy.schema.json")).RootElement;

    [Theory]
    [InlineData("", "$.nonsense")]
    [InlineData("$defs/limit", "$.limits.minute.nonsense")]
    [InlineData("$defs/endpoint", "$.endpoints[0].nonsense")]
    [InlineData("properties/cost", "$.cost.nonsense")]
    [InlineData("properties/paths", "$.paths.nonsense")]
    [InlineData("properties/whenUnreachable/oneOf/1", "$.whenUnreachable.nonsense")]
    [InlineData("$defs/response", "$.response.nonsense")]
    public void The_schema_has_exactly_the_properties_that_the_validator_accepts(string section, string path)
    {
        var text = PolicyText.With(
            limits: """{ "minute": { "algorithm": "fixedWindow", "window": "60s", "nonsense": 1 } }""",
            endpoints: """[{ "group": "a", "match": "GET /a", "nonsense": 1 }]""",
            response: """{ "denied": {}, "nonsense": 1 }""",
            more: """
                "nonsense": 1, "cost": { "nonsense": 1 }, "paths": { "nonsense": 1 },
                "whenUnreachable": { "local": "1%", "nonsense": 1 }
                """);
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out _, out var errors).ShouldBeFalse();

        var message = errors.Single(error => error.Path == path).Message;

        Quoted().Matches(message).Select(match => match.Groups[1].Value).Order().ShouldBe(
            At(section).GetProperty("properties").EnumerateObject().Select(property => property.Name).Order());
        At(section).GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("$defs/limit/properties/algorithm", """{ "minute": { "algorithm": "?", "window": "60s" } }""")]
    [InlineData(
        "$defs/limit/properties/per",
        """{ "minute": { "algorithm": "fixedWindow", "window": "60s", "per": "?" } }""")]
    public void The_schema_lists_the_words_that_the_validator_accepts_in_a_limit(string section, string limits) =>
        ShouldListTheSameWords(section, PolicyText.With(limits: limits));

    [Theory]
    [InlineData("$defs/response/properties/reset", """{ "denied": {}, "reset": "?" }""")]
    [InlineData("$defs/response/properties/remainingWhenDenied", """{ "denied": {}, "remainingWhenDenied": "?" }""")]
    public void The_schema_lists_the_words_that_the_validator_accepts_in_a_response(string section, string response) =>
        ShouldListTheSameWords(section, PolicyText.With(response: response));

    [Fact]
    public void The_schemas_bounds_are_the_validators()
    {
        At("properties/limits").GetProperty("maxProperties").GetInt32().ShouldBe(Policy.LimitsMax);
        At("properties/plans").GetProperty("maxProperties").GetInt32().ShouldBe(PolicyFile.PlansMax);
        At("$defs/number").GetProperty("maximum").GetInt64().ShouldBe(Schedule.NumberMax);
        At("$defs/cost").GetProperty("maximum").GetInt64().ShouldBe(CostBounds.Greatest);
    }

    [Theory]
    [InlineData("* /a", true)]
    [InlineData("GET|POST /a/{id}/*", true)]
    [InlineData("M-SEARCH /", true)]
    [InlineData("get /a", false)]
    [InlineData("GET a", false)]
    [InlineData("GET| /a", false)]
    [InlineData("GET /a?x=1", false)]
    public void The_schema_and_the_validator_take_the_same_patterns(string pattern, bool accepted)
    {
        var text = PolicyText.With(endpoints: $$"""[{ "group": "a", "match": "{{pattern}}" }]""");

        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out _, out _).ShouldBe(accepted);
        Regex.IsMatch(pattern, At("$defs/pattern").GetProperty("pattern").GetString()!).ShouldBe(accepted);
    }

    private static void ShouldListTheSameWords(string section, string text)
    {
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out _, out var errors).ShouldBeFalse();

        var accepted = errors.ShouldHaveSingleItem().Message.Split("Accepted are")[1];

        Quoted().Matches(accepted).Select(match => match.Groups[1].Value).ShouldBe(
            At(section).GetProperty("enum").EnumerateArray().Select(word => word.GetString()!));
    }

    private static JsonElement At(string path)
    {
        var element = Schema;
        foreach (var step in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
            element = int.TryParse(step, out var index) ? element[index] : element.GetProperty(step);
        return element;
    }

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();
}
