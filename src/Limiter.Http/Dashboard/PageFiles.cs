using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Limiter.Http.Dashboard;

/// <summary>
/// The files of the page, of this assembly. All but the first stand under an address with a digest of them all, so
/// that a browser keeps them for as long as they are these, and never mixes two versions.
/// </summary>
internal sealed class PageFiles
{
    private const string Folder = "dashboard/";
    private const string IndexName = "index.html";

    /// <summary>What <c>index.html</c> writes for the address of the other files.</summary>
    private const string AssetsMark = "{assets}";

    private const int DigestLength = 16;

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, PageFile> _assets;

    private PageFiles(PageFile index, FrozenDictionary<string, PageFile> assets) => (Index, _assets) = (index, assets);

    /// <summary>The page itself, for every address that is a page's.</summary>
    public PageFile Index { get; }

    /// <summary>The file at an address below <c>/dashboard/</c>; null for none.</summary>
    public PageFile? Find(string path) => _assets.GetValueOrDefault(path);

    public static PageFiles Load()
    {
        var files = Read();
        var digest = Digest(files);
        var page = Encoding.UTF8.GetString(files[IndexName])
            .Replace(AssetsMark, $"/{Folder}{digest}", StringComparison.Ordinal);
        var assets = files.Where(file => file.Key != IndexName).ToFrozenDictionary(
            file => $"{digest}/{file.Key}",
            file => new PageFile(TypeOf(file.Key), file.Value, digest, isLasting: true));
        return new PageFiles(new PageFile(TypeOf(IndexName), Encoding.UTF8.GetBytes(page), digest, false), assets);
    }

    private static SortedDictionary<string, byte[]> Read()
    {
        var assembly = typeof(PageFiles).Assembly;
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            // A build on Windows writes its own separators.
            var name = resource.Replace('\\', '/');
            if (!name.StartsWith(Folder, StringComparison.Ordinal)) continue;
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files.Add(name[Folder.Length..], bytes);
        }
        return files;
    }

    private static string Digest(SortedDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(SHA256.HashData(bytes));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..DigestLength];
    }

    private static string TypeOf(string name) => Types.TryGetValue(Path.GetExtension(name), out var type)
        ? type
        : throw new InvalidOperationException($"The page's file {name} has no media type here.");
}
