namespace Limiter.Bench;

/// <summary>docs/performance.md, whose tables are what was measured last.</summary>
internal sealed class Documents
{
    private readonly string _folder;

    private Documents(string folder) => _folder = folder;

    private string Performance => Path.Combine(_folder, "performance.md");

    /// <summary>Of the repository that the working directory is in.</summary>
    /// <exception cref="InvalidOperationException">It is in none.</exception>
    public static Documents Find() => new(Path.Combine(FindRoot(), "docs"));

    /// <summary>The repository that the working directory is in.</summary>
    /// <exception cref="InvalidOperationException">It is in none.</exception>
    public static string FindRoot()
    {
        for (var at = new DirectoryInfo(Environment.CurrentDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Limiter.sln"))) return at.FullName;
        throw new InvalidOperationException("The working directory is not in the repository.");
    }

    /// <summary>Puts a text between the marks of that name.</summary>
    public void Replace(string name, string text)
    {
        var (begin, end) = ($"<!-- measured: {name} -->\n", $"<!-- end: {name} -->");
        var old = File.ReadAllText(Performance);
        var (from, to) = (old.IndexOf(begin, StringComparison.Ordinal), old.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || to < from) throw new InvalidOperationException($"{Performance} has no place for {name}.");
        File.WriteAllText(Performance, $"{old[..(from + begin.Length)]}{text}{old[to..]}");
    }

    public void WritePlot(string name, string svg)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "performance"));
        File.WriteAllText(Path.Combine(_folder, "performance", $"{name}.svg"), svg);
    }
}
