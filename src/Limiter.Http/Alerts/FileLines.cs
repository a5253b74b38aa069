using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Limiter.Http.Alerts;

/// <summary>
/// Alerts in a file. One that has grown to its bound is renamed to <c>FILE.1</c>, the one before to <c>FILE.2</c>, and
/// so on; the last goes.
/// </summary>
/// <param name="file">The file; its folder must exist.</param>
/// <param name="bytesMax">Where a file ends.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose handle is never asked for holds nothing.")]
internal sealed class FileLines(string file, long bytesMax = FileLines.DefaultBytesMax) : IAlertLines
{
    public const long DefaultBytesMax = 10 * 1024 * 1024;

    /// <summary>Most files beside the one that is written.</summary>
    public const int KeptMax = 4;

    private readonly SemaphoreSlim _writing = new(1, 1);

    public async Task WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellation)
    {
        // Tenants are delivered to at once, and lines shall not mix.
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (new FileInfo(file) is { Exists: true } info && info.Length + line.Length + 1 > bytesMax) Rotate();
            using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            byte[] whole = [.. line.Span, (byte)'\n'];
            await stream.WriteAsync(whole, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Rotate()
    {
        for (var i = KeptMax; i >= 1; i--)
        {
            var from = i == 1 ? file : Numbered(i - 1);
            if (File.Exists(from)) File.Move(from, Numbered(i), overwrite: true);
        }
    }

    private string Numbered(int number) => string.Create(CultureInfo.InvariantCulture, $"{file}.{number}");
}
