using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

public class EndpointMatcherTests
{
    [Theory]
    [InlineData("GET /a", "/a", true)]
    [InlineData("GET /a", "/A", true)]
    [InlineData("GET /CAFÉ", "/café", true)]
    [InlineData("GET /a", "/", false)]
    [InlineData("GET /a", "/a/b", false)]
    [InlineData("GET /a", "/ab", false)]
    [InlineData("GET /", "/", true)]
    [InlineData("GET /", "/a", false)]
    [InlineData("GET /*", "/", false)]
    [InlineData("GET /*", "/a", true)]
    [InlineData("GET /*", "/a/b/c", true)]
    [InlineData("GET /{x}", "/a", true)]
    [InlineData("GET /{x}", "/a/b", false)]
    [InlineData("GET /{x}", "/", false)]
    [InlineData("GET /a/*", "/a", false)]
    [InlineData("GET /a/*", "/a/b", true)]
    [InlineData("GET /a/*", "/a/b/c", true)]
    [InlineData("GET /*/b", "/a/b", true)]
    [InlineData("GET /*/b", "/a/a/b", false)]
    [InlineData("GET /*/b", "/b", false)]
    [InlineData("GET /a/{id}/c", "/a/b/c", true)]
    [InlineData("GET /a/{id}/c", "/a/b/d", false)]
    [InlineData("GET /*/*", "/a", false)]
    [InlineData("GET /*/*", "/a/b", true)]
    [InlineData("GET /*/*", "/a/b/c", true)]
    public void A_pattern_fits_the_paths_it_says(string pattern, string path, bool fits)
    {
        var rule = Compile(false, pattern).Match("GET", path);

        rule.Template.ShouldBe(fits ? pattern : "*");
    }

    [Theory]
    [InlineData("* /a", "GET", true)]
    [InlineData("* /a", "BREW", true)]
    [InlineData("GET /a", "POST", false)]
    [InlineData("GET|POST /a", "POST", true)]
    [InlineData("GET|POST /a", "PUT", false)]
    [InlineData("POST /a", "post", true)]
    [InlineData("POST /a", "BREW", false)]
    [InlineData("M-SEARCH /a", "M-SEARCH", true)]
    public void A_pattern_fits_the_methods_it_says(string pattern, string method, bool fits) =>
        Compile(false, pattern).Match(method, "/a").Template.ShouldBe(fits ? pattern : "*");

    [Fact]
    public void The_first_pattern_in_the_files_order_wins_however_special_a_later_one_is()
    {
        Compile(false, "GET /{x}/b", "GET /a/b").Match("GET", "/a/b").Template.ShouldBe("GET /{x}/b");
        Compile(false, "GET /a/b", "GET /{x}/b").Match("GET", "/a/b").Template.ShouldBe("GET /a/b");
        Compile(false, "GET /*", "GET /a/b").Match("GET", "/a/b").Template.ShouldBe("GET /*");
        Compile(false, "POST /a/b", "* /*", "GET /a/b").Match("GET", "/a/b").Template.ShouldBe("* /*");
    }

    [Fact]
    public void A_literal_that_leads_nowhere_does_not_hide_another_pattern()
    {
        var matcher = Compile(false, "GET /a/b/c", "GET /{x}/b/d", "GET /*");

        matcher.Match("GET", "/a/b/d").Template.ShouldBe("GET /{x}/b/d");
        matcher.Match("GET", "/a/b/e").Template.ShouldBe("GET /*");
    }

    [Fact]
    public void Letters_differ_only_when_the_policy_says_so()
    {
        Compile(true, "GET /Users").Match("GET", "/users").Template.ShouldBe("*");
        Compile(true, "GET /Users").Match("GET", "/Users").Template.ShouldBe("GET /Users");
        Compile(true, "GET /Users", "GET /users").Match("GET", "/users").Template.ShouldBe("GET /users");
    }

    [Fact]
    public void The_tree_finds_what_a_scan_of_the_patterns_finds()
    {
        var segments = Gen.Elements("a", "b", "{x}", "*", "{y}");
        var pattern =
            from method in Gen.Elements("GET", "POST", "*", "GET|POST")
            from parts in segments.ListOf()
            select $"{method} /{string.Join('/', parts.Take(4))}";
        var path = Gen.Elements("a", "b", "c", "A").ListOf().Select(parts => "/" + string.Join('/', parts.Take(5)));
        var cases =
            from patterns in pattern.ListOf()
            from paths in path.ListOf(10)
            from method in Gen.Elements("GET", "POST", "PUT")
            select (patterns: Reachable(patterns), paths, method);

        Prop.ForAll(cases.ToArbitrary(), given =>
        {
            var matcher = Compile(false, given.patterns);
            return given.paths.All(path =>
                matcher.Match(given.method, path).Template == Scan(given.patterns, given.method, path));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void No_spelling_of_a_path_escapes_its_group()
    {
        var matcher = ShippedPolicies.Load("workestra").Endpoints;
        var spelling = Gen.Choose(0, 5).ListOf(11).Select(ways => Spell("/auth/login", ways));

        Prop.ForAll(spelling.ToArbitrary(), raw =>
            PathNormaliser.TryNormalise(raw, out var normal, out _)
            && matcher.Match("POST", normal).Group == "critical").Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Matching_costs_no_memory()
    {
        var matcher = ShippedPolicies.Load("workestra").Endpoints;
        matcher.Match("PUT", "/users/7/password");

        var before = GC.GetAllocatedBytesForCurrentThread();
        matcher.Match("PUT", "/users/7/password");
        matcher.Match("GET", "/nothing/of/the/kind");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("get", true)]
    [InlineData("M-SEARCH", true)]
    [InlineData("", false)]
    [InlineData("GE T", false)]
    [InlineData("GET\r", false)]
    [InlineData("GÉT", false)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF", true)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG", false)]
    public void A_method_is_a_token_of_at_most_32_characters(string text, bool valid) =>
        EndpointMatcher.IsMethod(text).ShouldBe(valid);

    private static EndpointMatcher Compile(bool caseSensitive, params string[] patterns) =>
        ShippedPolicies.Compile(Text(caseSensitive, patterns)).Endpoints;

    private static string Text(bool caseSensitive, IEnumerable<string> patterns) => PolicyText.With(
        endpoints: $"[{string.Join(", ", patterns.Select(Rule))}]",
        more: $"\"paths\": {{ \"caseSensitive\": {(caseSensitive ? "true" : "false")} }}");

    private static string Rule(string pattern) => $"{{ \"group\": \"some\", \"match\": \"{pattern}\" }}";

    /// <summary>Without those that an earlier one makes useless, which the validator refuses.</summary>
    private static string[] Reachable(IEnumerable<string> patterns)
    {
        var kept = new List<string>();
        foreach (var pattern in patterns)
            if (PolicyFile.TryCompile(Encoding.UTF8.GetBytes(Text(false, [.. kept, pattern])), out _, out _))
                kept.Add(pattern);
        return [.. kept];
    }

    private static string Scan(IEnumerable<string> patterns, string method, string path) =>
        patterns.FirstOrDefault(pattern =>
        {
            var parts = pattern.Split(' ');
            return (parts[0] == "*" || parts[0].Split('|').Contains(method))
                && Fits(Segments(parts[1]), Segments(path));
        }) ?? "*";

    private static string[] Segments(string path) => path == "/" ? [] : path[1..].Split('/');

    private static bool Fits(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty) return path.IsEmpty;
        if (path.IsEmpty) return false;
        if (pattern is ["*"]) return true;
        var one = pattern[0] is ['*'] or ['{', ..] || pattern[0].Equals(path[0], StringComparison.OrdinalIgnoreCase);
        return one && Fits(pattern[1..], path[1..]);
    }

    private static string Spell(string path, IEnumerable<int> ways) =>
        string.Concat(path.Zip(ways, (c, way) => (c, way) switch
        {
            ('/', 1) => "//",
            ('/', 2) => "/./",
            ('/', 3) => "/x/../",
            // The first slash stays, as a path starts with one.
            ('/', 4) => "/%2F",
            ('/', 5) => "/%2e/",
            (_, 1) => char.ToUpperInvariant(c).ToString(),
            (_, 2) => $"%{(int)c:X2}",
            (_, 3) => $"%{(int)c:x2}",
            (_, 4) => $"%{(int)char.ToUpperInvariant(c):X2}",
            _ => c.ToString(),
        })) + "/";
}
