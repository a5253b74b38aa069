using System.IO.Compression;

namespace Limiter.Http.Dashboard;

/// <summary>One file of the page, with what a browser is told of it.</summary>
/// <param name="contentType">Its media type.</param>
/// <param name="bytes">What is in it.</param>
/// <param name="tag">Names this content; without quotes.</param>
/// <param name="isLasting">Whether its address changes with its content, so that a browser need not ask again.</param>
internal sealed class PageFile(string contentType, byte[] bytes, string tag, bool isLasting)
{
    // Each is made once, when the first browser that takes it comes.
    private readonly Lazy<byte[]> _brotli =
        new(() => Compress(bytes, to => new BrotliStream(to, CompressionLevel.SmallestSize)));

    private readonly Lazy<byte[]> _gzip =
        new(() => Compress(bytes, to => new GZipStream(to, CompressionLevel.SmallestSize)));

    public string ContentType => contentType;

    public string CacheControl => isLasting ? "public, max-age=31536000, immutable" : "no-cache";

    /// <summary>The entity tag of an encoding: other bytes, another tag.</summary>
    public string TagOf(string? encoding) => encoding is null ? $"\"{tag}\"" : $"\"{tag}-{encoding}\"";

    public ReadOnlyMemory<byte> In(string? encoding) => encoding switch
    {
        PageEncoding.Brotli => _brotli.Value,
        PageEncoding.Gzip => _gzip.Value,
        _ => bytes,
    };

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> compressing)
    {
        using var compressed = new MemoryStream();
        using (var stream = compressing(compressed)) stream.Write(bytes);
        return compressed.ToArray();
    }
}
