namespace Limiter.Tidy.Tests;

/// <summary>The working copy that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", "node_modules", "TestResults"];

    public static string Root { get; } = FindRoot();

    /// <summary>The configuration under test, such as Release: the folder above the target framework's.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Full(string relative) => Path.Combine(Root, relative);

    /// <summary>Files below a folder of the repository, by their paths from the root, in ordinal order.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        var found = new List<string>();
        var start = Full(folder);
        if (Directory.Exists(start)) Collect(start, pattern, found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>Every C# file of src and tests.</summary>
    public static IEnumerable<SourceFile> Sources(params string[] folders) =>
        folders.SelectMany(folder => Files(folder, "*.cs")).Select(SourceFile.Read);

    private static void Collect(string folder, string pattern, List<string> found)
    {
        found.AddRange(Directory.EnumerateFiles(folder, pattern)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')));
        foreach (var child in Directory.EnumerateDirectories(folder))
            if (!Generated.Contains(Path.GetFileName(child)))
                Collect(child, pattern, found);
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Limiter.sln")))
                return at.FullName;
        throw new InvalidOperationException($"No Limiter.sln above {AppContext.BaseDirectory}.");
    }
}
