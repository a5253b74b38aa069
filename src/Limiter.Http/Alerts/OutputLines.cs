using System.Text;

namespace Limiter.Http.Alerts;

/// <summary>Alerts on the process's output.</summary>
internal sealed class OutputLines(TextWriter output) : IAlertLines
{
    public Task WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellation) =>
        output.WriteLineAsync(Encoding.UTF8.GetString(line.Span).AsMemory(), cancellation);
}
