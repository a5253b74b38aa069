using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

public class ExemptTests
{
    private const string Endpoints = """[{ "group": "write", "match": "POST|OPTIONS /things" }]""";

    [Theory]
    [InlineData("GET", "/health", true)]
    [InlineData("HEAD", "/health", true)]
    [InlineData("GET", "/Health", true)]
    [InlineData("POST", "/health", false)]
    [InlineData("GET", "/healthy", false)]
    [InlineData("OPTIONS", "/things", true)]
    [InlineData("OPTIONS", "/", false)]
    [InlineData("POST", "/things", false)]
    [InlineData("PUT", "/webhooks/stripe", true)]
    public void An_exempt_pattern_comes_before_every_rule(string method, string path, bool isExempt)
    {
        var policy = Compile("""["GET /health", "OPTIONS /*", "* /webhooks/{from}"]""");
        var rule = policy.Endpoints.Match(method, path);
        rule.IsExempt.ShouldBe(isExempt);
        if (!isExempt) return;
        (rule.Group, rule.Cost, rule.Demands.Length).ShouldBe(("exempt", 0, 0));
    }

    [Fact]
    public void A_policy_that_exempts_nothing_has_no_such_rule() =>
        Compile("[]").Endpoints.Rules.ShouldAllBe(rule => !rule.IsExempt);

    [Theory]
    [InlineData("""{}""", "$.exempt", "is an object; an array of patterns such as")]
    [InlineData("""[7]""", "$.exempt[0]", "is the number 7. \"METHOD /path\" is accepted")]
    [InlineData("""["GET /a", "get /b"]""", "$.exempt[1]", "which is not an upper-case method")]
    [InlineData("""["GET /a/"]""", "$.exempt[0]", "has an empty segment")]
    [InlineData("""["GET /a", "GET /A"]""", "$.exempt[1]", "never decides, as \"GET /a\"")]
    public void The_section_says_what_is_wrong_with_it(string exempt, string path, string message) =>
        PolicyText.ShouldFail(
            PolicyText.With(more: $"\"exempt\": {exempt}"), path, PolicyText.MoreLine, message);

    [Fact]
    public void A_rule_that_is_exempt_already_never_decides() => PolicyText.ShouldFail(
        PolicyText.With(
            endpoints: """[{ "group": "a", "match": "GET /health" }]""", more: "\"exempt\": [\"* /health\"]"),
        "$.endpoints[0].match", PolicyText.EndpointsLine, "never decides, as \"* /health\" on line 7");

    [Fact]
    public void Every_error_is_told_and_the_patterns_are_bounded()
    {
        var errors = PolicyText.Errors(PolicyText.With(more: """ "exempt": ["a", "GET /b?", 3] """));
        errors.Select(error => error.Path).ShouldBe(["$.exempt[0]", "$.exempt[1]", "$.exempt[2]"]);
        var many = string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"GET /p{i}\""));
        PolicyText.ShouldFail(
            PolicyText.With(more: $"\"exempt\": [{many}]"), "$.exempt", PolicyText.MoreLine, "has 101 patterns");
        var methods = string.Join('|', Enumerable.Range(0, 33).Select(i => $"M{i}"));
        PolicyText.Errors(PolicyText.With(more: $"\"exempt\": [\"{methods} /a\"]"))
            .ShouldContain(error => error.Message.Contains("names 33 different methods"));
    }

    private static Policy Compile(string exempt)
    {
        var text = PolicyText.With(endpoints: Endpoints, more: $"\"exempt\": {exempt}");
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out var policy, out var errors)
            .ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }
}
