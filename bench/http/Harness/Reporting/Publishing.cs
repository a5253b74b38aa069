using System.Text.Json;
using Harness.Contending;

namespace Harness.Reporting;

/// <summary>Writes what was measured: a folder of results, and on request the documents.</summary>
internal static class Publishing
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static void Write(Results results, RunOptions options, Place place)
    {
        var folder = Path.GetFullPath(options.Out, place.Root);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "http.json"), JsonSerializer.Serialize(results, s_json));
        var tables = "";
        foreach (var family in results.Rounds.Select(round => round.Family).Distinct())
        {
            var table = Tables.Of(results, family);
            tables += $"## {family}\n\n{table}\n";
            File.WriteAllText(Path.Combine(folder, $"{family}.svg"), Plot.Of(results, family));
            if (!options.Docs) continue;
            var plots = Path.Combine(place.Root, "docs", "performance");
            Directory.CreateDirectory(plots);
            File.Copy(Path.Combine(folder, $"{family}.svg"), Path.Combine(plots, $"{family}.svg"), overwrite: true);
            Replace(Path.Combine(place.Root, "docs", "performance.md"), family, $"![{family}](performance/{family}.svg)\n\n{table}");
        }
        File.WriteAllText(Path.Combine(folder, "http.md"), tables);
        Console.WriteLine($"\n{tables}{folder}: http.json, http.md, plots");
    }

    /// <summary>Puts a text between the marks of that name.</summary>
    private static void Replace(string file, string name, string text)
    {
        var (begin, end) = ($"<!-- measured: {name} -->\n", $"<!-- end: {name} -->");
        var old = File.ReadAllText(file);
        var (from, to) = (old.IndexOf(begin, StringComparison.Ordinal), old.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || to < from) throw new InvalidOperationException($"{file} has no place for {name}.");
        File.WriteAllText(file, $"{old[..(from + begin.Length)]}{text}{old[to..]}");
    }
}
