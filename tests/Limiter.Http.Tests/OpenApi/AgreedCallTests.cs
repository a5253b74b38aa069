using System.Text.Json;
using System.Text.RegularExpressions;

namespace Limiter.Http.Tests.OpenApi;

/// <summary>The description against the table of calls that was agreed on before any of them was built.</summary>
public sealed partial class AgreedCallTests
{
    [Fact]
    public async Task The_document_has_every_call_that_was_agreed_on_and_asks_for_its_key()
    {
        await using var server = await TestServer.StartAsync();
        var document = await TestServer.ReadAsync(await server.Anyone.GetAsync("/openapi/v1.json"));
        var paths = document.GetProperty("paths");
        var agreed = Agreed().ToArray();
        agreed.Length.ShouldBe(27);
        foreach (var (method, path, who) in agreed)
        {
            paths.TryGetProperty(path, out var described).ShouldBeTrue(path);
            described.TryGetProperty(method, out var operation).ShouldBeTrue($"{method} {path}");
            operation.GetProperty("security").EnumerateArray()
                .SelectMany(scheme => scheme.EnumerateObject()).Select(scheme => scheme.Name)
                .Where(key => key is "gateway" or "admin")
                .ShouldBe(Keys(who), $"{method} {path}");
        }
    }

    private static string[] Keys(string who) => who switch
    {
        "gateway" => ["gateway", "admin"],
        _ when who.StartsWith("admin", StringComparison.Ordinal) => ["admin"],
        _ => [],
    };

    private static IEnumerable<(string Method, string Path, string Who)> Agreed()
    {
        var table = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Data/surface/calls.md"));
        foreach (var row in table.Skip(2))
        {
            var cells = row.Split('|', 4, StringSplitOptions.TrimEntries);
            var (methods, full) = (Array.Empty<string>(), "");
            foreach (Match call in Quoted().Matches(cells[1]))
            {
                var words = call.Groups[1].Value.Split(' ');
                // Where only a path is given, or its end, the rest is that of the call before.
                if (words.Length > 1) methods = words[..^1];
                full = Whole(words[^1], full);
                foreach (var method in methods)
                    yield return (method == "ANY" ? "get" : method.ToLowerInvariant(), full, cells[2]);
            }
        }
    }

    private static string Whole(string path, string before)
    {
        var split = path.IndexOf('…', StringComparison.Ordinal) < 0 ? path
            : before[..before.LastIndexOf('/')] + path[path.IndexOf('/', StringComparison.Ordinal)..];
        return split.Replace("...", "{path}", StringComparison.Ordinal);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
