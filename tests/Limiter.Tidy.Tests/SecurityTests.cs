using System.Text.RegularExpressions;

namespace Limiter.Tidy.Tests;

/// <summary>What docs/security.md says of the code itself.</summary>
public sealed partial class SecurityTests
{
    private const string Model = "docs/security.md";

    [Fact]
    public void No_request_meets_a_regular_expression() =>
        Repository.Sources("src/Limiter.Domain", "src/Limiter.Engine", "src/Limiter.Http", "src/Functions")
            .SelectMany(file => file.Find(new Regex(@"\b(Generated)?Regex\b")))
            .ShouldBeNone("A pattern that backtracks makes a short request slow:");

    [Fact]
    public void Keys_and_signatures_are_compared_in_constant_time()
    {
        var files = Repository.Sources("src/Limiter.Http/Auth", "src/Limiter.Http/Checks").ToArray();
        foreach (var name in new[] { "OperatorKey.cs", "CheckIds.cs" })
            files.Single(file => file.Name == name).Find(new Regex("FixedTimeEquals")).ShouldNotBeEmpty(name);
        files.SelectMany(file => file.Find(new Regex(@"\b(SequenceEqual|SequenceCompareTo)\b")))
            .ShouldBeNone("The time until the first byte that differs tells how many were right:");
    }

    [Fact]
    public void Every_test_that_the_threat_model_names_is_there()
    {
        var tests = Repository.Sources("tests").ToArray();
        var named = Named().Matches(File.ReadAllText(Repository.Full(Model)))
            .Select(match => (Class: match.Groups[1].Value, Test: match.Groups[2].Value)).ToArray();
        named.Length.ShouldBeGreaterThan(20);
        named.Where(one => !tests.Any(file => file.Name == one.Class + ".cs"
                && file.Code.Contains($" {one.Test}(", StringComparison.Ordinal)))
            .Select(one => $"{Model}:1: {one.Class}.{one.Test}")
            .ShouldBeNone("A threat without its test is only a word:");
    }

    [GeneratedRegex(@"`(\w+(?:Tests|Laws|Conformance))\.(\w+)`")]
    private static partial Regex Named();
}
