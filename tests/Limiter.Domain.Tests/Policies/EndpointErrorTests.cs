namespace Limiter.Domain.Tests.Policies;

public class EndpointErrorTests
{
    [Theory]
    [InlineData("""{}""", "$.endpoints", "is an object; an array of rules is accepted")]
    [InlineData("""["GET /a"]""", "$.endpoints[0]", "is the text \"GET /a\"; an object is accepted, with \"group\"")]
    [InlineData("""[{ "match": "GET /a" }]""", "$.endpoints[0]", "has no \"group\"")]
    [InlineData("""[{ "group": "a" }]""", "$.endpoints[0]", "has no \"match\"")]
    [InlineData(
        """[{ "group": "A b", "match": "GET /a" }]""",
        "$.endpoints[0].group",
        "a name is accepted: 1 to 32 characters")]
    [InlineData(
        """[{ "group": "a", "match": "GET /a", "costs": 1 }]""",
        "$.endpoints[0].costs",
        "Did you mean \"cost\"? Accepted are \"group\", \"match\", \"cost\", \"maxRecords\"")]
    [InlineData(
        """[{ "group": "a", "match": "GET /a", "cost": 0 }]""",
        "$.endpoints[0].cost",
        "a whole number from 1 to 1,000,000")]
    [InlineData(
        """[{ "group": "a", "match": "GET /a", "cost": 1000001 }]""",
        "$.endpoints[0].cost",
        "a whole number from 1 to 1,000,000")]
    [InlineData(
        """[{ "group": "a", "match": "GET /a", "maxRecords": "100" }]""",
        "$.endpoints[0].maxRecords",
        "is the text \"100\"; a whole number from 1")]
    [InlineData("""[{ "group": "a", "match": [] }]""", "$.endpoints[0].match", "is empty; at least one pattern")]
    [InlineData(
        """[{ "group": "a", "match": 7 }]""",
        "$.endpoints[0].match",
        "is the number 7. \"METHOD /path\" is accepted")]
    [InlineData(
        """[{ "group": "a", "match": ["GET /a", "/a"] }]""",
        "$.endpoints[0].match[1]",
        "is the text \"/a\", which is no pattern. \"METHOD /path\"")]
    [InlineData("""[{ "group": "a", "match": "GET /a b" }]""", "$.endpoints[0].match", "which is no pattern")]
    [InlineData(
        """[{ "group": "a", "match": "get /a" }]""",
        "$.endpoints[0].match",
        "names the method \"get\", which is not an upper-case method")]
    [InlineData("""[{ "group": "a", "match": "GET| /a" }]""", "$.endpoints[0].match", "names the method \"\"")]
    [InlineData("""[{ "group": "a", "match": "GET a" }]""", "$.endpoints[0].match", "which does not start with /")]
    [InlineData("""[{ "group": "a", "match": "GET /a/" }]""", "$.endpoints[0].match", "has an empty segment")]
    [InlineData("""[{ "group": "a", "match": "GET /a/../b" }]""", "$.endpoints[0].match", "has the segment \"..\"")]
    [InlineData(
        """[{ "group": "a", "match": "GET /a*" }]""",
        "$.endpoints[0].match",
        "* and {name} stand for a whole segment")]
    [InlineData("""[{ "group": "a", "match": "GET /**" }]""", "$.endpoints[0].match", "stand for a whole segment")]
    [InlineData("""[{ "group": "a", "match": "GET /{}" }]""", "$.endpoints[0].match", "between braces a name")]
    [InlineData("""[{ "group": "a", "match": "GET /a?x=1" }]""", "$.endpoints[0].match", "without its query")]
    [InlineData("""[{ "group": "a", "match": "GET /%41" }]""", "$.endpoints[0].match", "write the character itself")]
    [InlineData(
        """[{ "group": "a", "match": "GET /a\\b" }]""",
        "$.endpoints[0].match",
        "a character that no path may have")]
    [InlineData(
        """[{ "group": "a", "match": ["GET /a/{x}", "GET /A/{y}"] }]""",
        "$.endpoints[0].match[1]",
        "never decides, as \"GET /a/{x}\" on line 5 matches the same requests first")]
    [InlineData(
        """[{ "group": "a", "match": ["* /a/*", "GET /a/*"] }]""",
        "$.endpoints[0].match[1]",
        "never decides, as \"* /a/*\"")]
    public void An_endpoint_rule_says_what_is_wrong_with_it(string endpoints, string path, string message) =>
        PolicyText.ShouldFail(PolicyText.With(endpoints: endpoints), path, PolicyText.EndpointsLine, message);

    [Fact]
    public void Patterns_and_their_methods_are_bounded()
    {
        var methods = string.Join('|', Enumerable.Range(0, 33).Select(i => $"M{i}"));
        string Endpoint(string pattern) => $"[{{ \"group\": \"a\", \"match\": \"{pattern}\" }}]";

        PolicyText.ShouldFail(PolicyText.With(endpoints: Endpoint($"{methods} /a")),
            "$.endpoints", 5, "names 33 different methods");
        PolicyText.ShouldFail(PolicyText.With(endpoints: Endpoint("GET " + string.Concat(Enumerable.Repeat("/a", 33)))),
            "$.endpoints[0].match", 5, "has more than 32 segments");
        PolicyText.ShouldFail(PolicyText.With(endpoints: Endpoint("GET /" + new string('a', 600))),
            "$.endpoints[0].match", 5, "is longer than 512 characters");
    }
}
