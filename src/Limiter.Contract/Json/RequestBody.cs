using System.Buffers;
using System.IO.Pipelines;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Json;

/// <summary>A request's whole body, in the server's own buffers until <see cref="Release"/>.</summary>
internal readonly struct RequestBody
{
    /// <summary>Largest body of this surface's own calls, however it is framed.</summary>
    public const int BytesMax = 64 * 1024;

    private readonly PipeReader? _reader;

    private RequestBody(PipeReader reader, in ReadOnlySequence<byte> bytes)
    {
        _reader = reader;
        Bytes = bytes;
    }

    private RequestBody(Problem problem) => Problem = problem;

    public ReadOnlySequence<byte> Bytes { get; }

    /// <summary>Why the body was not read; null when it was.</summary>
    public Problem? Problem { get; }

    /// <summary>Completes synchronously when the body arrived together with the headers, as a small one does.</summary>
    public static ValueTask<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > BytesMax) return new(new RequestBody(InputProblem.TooLarge(BytesMax)));
        var reader = request.BodyReader;
        var reading = reader.ReadAsync(cancellation);
        if (!reading.IsCompletedSuccessfully) return AwaitAsync(reader, reading, cancellation);
        var result = reading.Result;
        return result.IsCompleted ? new(Complete(reader, result)) : AwaitAsync(reader, new(result), cancellation);
    }

    /// <summary>Gives the buffers back. Nothing read from <see cref="Bytes"/> may be used afterwards.</summary>
    public void Release() => _reader?.AdvanceTo(Bytes.End);

    private static async ValueTask<RequestBody> AwaitAsync(
        PipeReader reader, ValueTask<ReadResult> reading, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await reading.ConfigureAwait(false);
            if (result.IsCompleted || result.IsCanceled || result.Buffer.Length > BytesMax)
                return Complete(reader, result);
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            reading = reader.ReadAsync(cancellation);
        }
    }

    private static RequestBody Complete(PipeReader reader, in ReadResult result)
    {
        if (result.Buffer.Length <= BytesMax) return new RequestBody(reader, result.Buffer);
        reader.AdvanceTo(result.Buffer.End);
        return new RequestBody(InputProblem.TooLarge(BytesMax));
    }
}
