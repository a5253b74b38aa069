using System.Text.RegularExpressions;

namespace Limiter.Tidy.Tests;

public sealed partial class GlossaryTests
{
    private const string Glossary = "docs/GLOSSARY.md";
    private static readonly string[] Lines = File.ReadAllLines(Repository.Full(Glossary));

    [Fact]
    public void A_word_has_one_meaning() =>
        (from line in Lines.Index()
         let match = Entry().Match(line.Item)
         where match.Success
         group line.Index + 1 by match.Groups[1].Value.ToLowerInvariant() into places
         where places.Count() > 1
         select $"{Glossary}:{places.Last()}: {places.Key}, also on line {places.First()}")
        .ShouldBeNone("One entry a word:");

    [Fact]
    public void A_word_that_is_not_used_names_nothing_in_src()
    {
        var words = Lines.SkipWhile(line => line != "## Not used")
            .SelectMany(line => Unused().Matches(line)).Select(match => match.Groups[1].Value).ToArray();
        words.ShouldBe(["permit", "hit", "throttle", "ticket"], ignoreOrder: true);

        var forms = words.SelectMany(Inflections).ToHashSet(StringComparer.OrdinalIgnoreCase);
        (from file in Repository.Sources("src")
         from found in file.Find(Identifier())
         where Words().Matches(found[(found.LastIndexOf(' ') + 1)..]).Any(word => forms.Contains(word.Value))
         select found)
        .ShouldBeNone($"{Glossary} names another word for these:");
    }

    [Theory]
    [InlineData("throttle", "throttled", true)]
    [InlineData("throttle", "throttling", true)]
    [InlineData("hit", "hits", true)]
    [InlineData("permit", "permitted", true)]
    [InlineData("hit", "white", false)]
    public void A_word_is_known_in_its_other_forms(string word, string form, bool known) =>
        Inflections(word).Contains(form).ShouldBe(known);

    private static IEnumerable<string> Inflections(string word)
    {
        var stem = word.EndsWith('e') ? word[..^1] : word + word[^1];
        return [word, word + "s", stem + "ed", stem + "ing", stem + "er", stem + "ers"];
    }

    [GeneratedRegex(@"^\| \*\*([^*]+)\*\* \|")]
    private static partial Regex Entry();

    [GeneratedRegex(@"^- `(\w+)`:")]
    private static partial Regex Unused();

    [GeneratedRegex(@"\b[A-Za-z_]\w*")]
    private static partial Regex Identifier();

    // The words of an identifier in any case: HTTPHit, rateLimitHits, HIT_COUNT.
    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Words();
}
