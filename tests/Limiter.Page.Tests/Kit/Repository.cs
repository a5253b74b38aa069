namespace Limiter.Page.Tests.Kit;

/// <summary>The working copy that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Full(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Limiter.sln")))
                return at.FullName;
        throw new InvalidOperationException($"No Limiter.sln above {AppContext.BaseDirectory}.");
    }
}
