using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Limiter.Simulation.Remotes;

/// <summary>A call's body, all of which came together with its head.</summary>
internal sealed class CallBody(byte[] body) : IRequestBodyPipeFeature
{
    public PipeReader Reader { get; } = PipeReader.Create(new ReadOnlySequence<byte>(body));
}

/// <summary>An answer's body, in memory until it travels.</summary>
internal sealed class AnswerBody : PipeWriter, IHttpResponseBodyFeature
{
    private readonly ArrayBufferWriter<byte> _written = new(512);

    public byte[] Bytes => _written.WrittenSpan.ToArray();

    public PipeWriter Writer => this;

    // What answers an edge writes no stream and no file.
    public Stream Stream => throw new NotSupportedException();

    public override void Advance(int bytes) => _written.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _written.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _written.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    public void DisableBuffering()
    {
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task CompleteAsync() => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
