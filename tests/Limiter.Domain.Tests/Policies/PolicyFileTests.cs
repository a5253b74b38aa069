using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

public class PolicyFileTests
{
    [Theory]
    [InlineData("\"$schema\": 1", "$.$schema", "is the number 1; the address of a schema is accepted")]
    [InlineData(
        "\"anonymous\": \"basik\"",
        "$.anonymous",
        "is the text \"basik\". Did you mean \"basic\"? The name of a plan is accepted: \"basic\"")]
    [InlineData("\"anonymous\": true", "$.anonymous", "is true. The name of a plan")]
    [InlineData("\"otherwise\": \"The Rest\"", "$.otherwise", "a name is accepted")]
    [InlineData("\"cost\": 1", "$.cost", "is the number 1; an object is accepted, with \"default\", \"min\", \"max\"")]
    [InlineData("\"cost\": { \"default\": 0 }", "$.cost.default", "a whole number from 1 to 1,000,000")]
    [InlineData("\"cost\": { \"min\": 5, \"max\": 4 }", "$.cost.max", "is 4, which is below \"min\", 5")]
    [InlineData("\"cost\": { \"most\": 4 }", "$.cost.most", "is not a known property")]
    [InlineData(
        "\"whenUnreachable\": \"ajar\"",
        "$.whenUnreachable",
        "\"closed\", \"open\" or {\"local\": \"10%\"} is accepted")]
    [InlineData("\"whenUnreachable\": {}", "$.whenUnreachable", "has no \"local\"")]
    [InlineData(
        "\"whenUnreachable\": { \"local\": \"101%\" }",
        "$.whenUnreachable.local",
        "a percentage from \"1%\" to \"100%\"")]
    [InlineData(
        "\"whenUnreachable\": { \"lokal\": \"1%\", \"local\": \"1%\" }",
        "$.whenUnreachable.lokal",
        "Did you mean \"local\"?")]
    [InlineData("\"paths\": { \"casesensitive\": true }", "$.paths.casesensitive", "Did you mean \"caseSensitive\"?")]
    [InlineData("\"paths\": { \"caseSensitive\": 1 }", "$.paths.caseSensitive", "true or false is accepted")]
    [InlineData(
        "\"plan\": {}",
        "$.plan",
        "is not a known property. Did you mean \"plans\"? Accepted are \"$schema\", \"policy\"")]
    [InlineData("\"policy\": \"again\"", "$.policy", "is given twice, first on line 2")]
    [InlineData("\"x\": \"\\uD83D\"", "$.x", "holds an escape of half a character")]
    public void The_file_says_what_is_wrong_with_it(string more, string path, string message) =>
        PolicyText.ShouldFail(PolicyText.With(more: more), path, PolicyText.MoreLine, message);

    [Theory]
    [InlineData("7", "$", 1, "is the number 7; an object is accepted")]
    [InlineData(
        "{\n\"policy\": \"a b\"}",
        "$.policy",
        2,
        "is the text \"a b\"; a name is accepted: 1 to 64 characters")]
    [InlineData("// nothing\n{}", "$", 2, "has no \"policy\"")]
    [InlineData("// nothing\n{}", "$", 2, "has no \"limits\"")]
    [InlineData("// nothing\n{}", "$", 2, "has no \"plans\"")]
    [InlineData("// nothing\n{}", "$", 2, "has no \"response\"")]
    [InlineData("", "$", 1, "is not JSON from here on")]
    [InlineData("{\n  \"policy\": \"a\"\n  \"limits\": {}\n}", "$.policy", 3, "is not JSON from here on")]
    [InlineData("{\n  \"limits\": { /* never closed", "$.limits", 2, "is not JSON from here on")]
    [InlineData("{}\n{}", "$", 2, "is not JSON from here on")]
    public void A_file_that_is_no_policy_says_where_that_shows(string text, string path, int line, string message) =>
        PolicyText.ShouldFail(text, path, line, message);

    [Fact]
    public void Every_error_is_reported_in_the_files_order()
    {
        var text = """
            {
              "policy": "two words",
              "limits": {
                "minute": { "algorithm": "fixedWindow", "window": "0s" },
                "day": { "algorithm": "calender", "window": "day" },
              },
              "plans": {
                "basic": { "minute": 0 },
              },
              "response": { "denied": { "a": "{b}" } },
              "colour": "red",
            }
            """;

        PolicyText.Errors(text).Select(error => $"{error.Line} {error.Path}").ShouldBe(
        [
            "2 $.policy",
            "4 $.limits.minute.window",
            "5 $.limits.day.algorithm",
            "8 $.plans.basic.minute",
            "8 $.plans.basic",
            "10 $.response.denied.a",
            "11 $.colour",
        ]);
    }

    [Fact]
    public void There_are_at_most_20_limits_100_plans_and_2000_patterns()
    {
        string Many(int count, Func<int, string> one) => string.Join(", ", Enumerable.Range(0, count).Select(one));
        string Limits(int count) => $"{{ {Many(count, i => $$"""
            "l{{i}}": { "algorithm": "fixedWindow", "window": "60s", "number": 5 }
            """)} }}";
        string Plans(int count) => $"{{ {Many(count, i => $"\"p{i}\": {{ \"minute\": 5 }}")} }}";
        string Patterns(int count) =>
            $"[{{ \"group\": \"a\", \"match\": [{Many(count, i => $"\"GET /a{i}\"")}] }}]";

        PolicyText.Errors(PolicyText.With(limits: Limits(20), plans: "{ \"p\": {} }")).ShouldBeEmpty();
        PolicyText.ShouldFail(PolicyText.With(limits: Limits(21), plans: "{ \"p\": {} }"),
            "$.limits", 3, "is an object of 21 limits");
        PolicyText.Errors(PolicyText.With(plans: Plans(100))).ShouldBeEmpty();
        PolicyText.ShouldFail(PolicyText.With(plans: Plans(101)), "$.plans", 4, "is an object of 101 plans");
        PolicyText.Errors(PolicyText.With(endpoints: Patterns(2_000))).ShouldBeEmpty();
        PolicyText.ShouldFail(PolicyText.With(endpoints: Patterns(2_001)), "$.endpoints", 5, "has 2,001 patterns");
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var deep = new string('[', 1_000);
        var path = "$.policy" + string.Concat(Enumerable.Repeat("[0]", 30));

        PolicyText.ShouldFail($"{{ \"policy\": {deep}", path, 1, "maximum configured depth of 32");
    }

    [Fact]
    public void A_file_over_256_KiB_is_refused()
    {
        var text = PolicyText.With() + new string(' ', PolicyFile.BytesMax);

        PolicyText.ShouldFail(text, "$", 1, "at most 262,144 are accepted");
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused_with_their_line()
    {
        PolicyFile.TryCompile(new byte[] { (byte)'{', (byte)'\n', 0xFF }, out _, out var errors).ShouldBeFalse();

        errors.ShouldBe([new PolicyError("$", 2, "holds bytes that are not UTF-8; save the file as UTF-8.")]);
    }

    [Fact]
    public void A_byte_order_mark_and_comments_and_trailing_commas_are_accepted()
    {
        var text = "\uFEFF// one\n/* two */" + PolicyText.With(plans: "{ \"basic\": { \"minute\": 60, }, }");

        ShippedPolicies.Compile(text).Plans.Length.ShouldBe(1);
    }

    [Fact]
    public void Random_bytes_never_break_the_reader()
    {
        var random = new Random(20260101);
        var valid = Encoding.UTF8.GetBytes(PolicyText.With());
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = (byte[])valid.Clone();
            for (var i = random.Next(1, 6); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);

            var compiled = PolicyFile.TryCompile(bytes, out var policy, out var errors);

            (policy is not null).ShouldBe(compiled);
            errors.IsEmpty.ShouldBe(compiled);
        }
    }
}
