using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Limiter.Tidy.Tests;

public sealed partial class DocumentTests
{
    private const string Dependencies = "docs/decisions/0006-dependencies.md";

    private static readonly IReadOnlyList<string> Decisions = Repository.Files("docs/decisions", "*.md");

    [Fact]
    public void Every_package_is_explained()
    {
        var explained = string.Join('\n', Decisions.Select(file => File.ReadAllText(Repository.Full(file))));
        Packages().Where(package => !explained.Contains($"`{package.Id}`", StringComparison.Ordinal))
            .Select(package => $"{package.File}:{package.Line}: {package.Id}")
            .ShouldBeNone("A dependency is a decision; docs/decisions says why it is worth having:");
    }

    [Fact]
    public void No_package_is_explained_that_is_gone()
    {
        var used = Packages().Select(package => package.Id).ToHashSet();
        (from line in File.ReadLines(Repository.Full(Dependencies)).Index()
         let match = PackageRow().Match(line.Item)
         where match.Success && !used.Contains(match.Groups[1].Value)
         select $"{Dependencies}:{line.Index + 1}: {match.Groups[1].Value}")
        .ShouldBeNone("No project needs these any more:");
    }

    [Fact]
    public void Decisions_are_numbered_without_gaps_and_say_where_they_stand()
    {
        var names = Decisions.Select(Path.GetFileName).ToArray();
        names.Length.ShouldBeGreaterThan(0);
        names.Index().Where(file => !Regex.IsMatch(file.Item!, $@"^{file.Index + 1:d4}-[a-z0-9-]+\.md$"))
            .Select(file => $"docs/decisions/{file.Item}:1: expected number {file.Index + 1:d4}")
            .Concat(Decisions.Where(file => !File.ReadAllText(Repository.Full(file)).Contains("\nStatus: "))
                .Select(file => $"{file}:1: no status"))
            .ShouldBeNone("A decision is found by its number:");
    }

    [Fact]
    public void Every_link_to_a_file_leads_somewhere() =>
        (from file in Repository.Files("docs", "*.md").Append("README.md").Append("CHANGELOG.md")
         where File.Exists(Repository.Full(file))
         from line in File.ReadLines(Repository.Full(file)).Index()
         from Match link in Link().Matches(line.Item)
         let target = link.Groups[1].Value
         let folder = Path.GetDirectoryName(Repository.Full(file))!
         where !Path.Exists(Path.GetFullPath(Path.Combine(folder, target)))
         select $"{file}:{line.Index + 1}: {target}")
        .ShouldBeNone("A link must lead to a file that is here:");

    private static IEnumerable<(string Id, string File, int Line)> Packages() =>
        from file in Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj"))
            .Concat(Repository.Files("bench", "*.csproj")).Append("Directory.Packages.props")
        from element in XDocument.Load(Repository.Full(file), LoadOptions.SetLineInfo).Descendants()
        where element.Name.LocalName.StartsWith("Package", StringComparison.Ordinal)
        let id = (string?)element.Attribute("Include")
        where id is not null
        select (id, file, ((System.Xml.IXmlLineInfo)element).LineNumber);

    [GeneratedRegex(@"^\| `([^`]+)` \|")]
    private static partial Regex PackageRow();

    // A link into the same page or to the web is not checked.
    [GeneratedRegex(@"\]\((?![a-z]+:|#)([^)#\s]+)")]
    private static partial Regex Link();
}
