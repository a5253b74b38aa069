using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Peers;

/// <summary>
/// One connection to Redis for all requests, as the usual clients have it: questions that come together go out in one
/// write, and answers come back in their order. It knows the replies that the bench gets: integers, texts and errors.
/// </summary>
internal sealed class RespConnection : IDisposable
{
    private const int WaitingMax = 16_384;
    private const int WriteBytesMax = 65_536;

    private readonly Channel<(string[] Words, TaskCompletionSource<string> Answer)> _questions =
        Channel.CreateBounded<(string[], TaskCompletionSource<string>)>(
            new BoundedChannelOptions(WaitingMax) { SingleReader = true });

    private readonly ConcurrentQueue<TaskCompletionSource<string>> _sent = new();
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RespConnection> OpenAsync(int port, CancellationToken cancellation)
    {
        var connection = new RespConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
        _ = connection.SendAsync();
        _ = connection.ReceiveAsync();
        return connection;
    }

    /// <summary>Answers with the reply's text: an integer, or a string.</summary>
    /// <exception cref="InvalidOperationException">Redis answered with an error.</exception>
    public async Task<string> AskAsync(string[] words)
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_questions.Writer.TryWrite((words, answer))) await _questions.Writer.WriteAsync((words, answer));
        return await answer.Task;
    }

    public void Dispose() => _socket.Dispose();

    private async Task SendAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(WriteBytesMax);
        while (await _questions.Reader.WaitToReadAsync())
        {
            while (buffer.WrittenCount < WriteBytesMax && _questions.Reader.TryRead(out var question))
            {
                Write(buffer, question.Words);
                _sent.Enqueue(question.Answer);
            }
            for (var sent = 0; sent < buffer.WrittenCount;)
                sent += await _socket.SendAsync(buffer.WrittenMemory[sent..]);
            buffer.ResetWrittenCount();
        }
    }

    private static void Write(ArrayBufferWriter<byte> buffer, string[] words)
    {
        Add(buffer, string.Create(CultureInfo.InvariantCulture, $"*{words.Length}\r\n"));
        foreach (var word in words)
            Add(buffer, string.Create(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n"));
    }

    private static void Add(ArrayBufferWriter<byte> buffer, string text) => Encoding.UTF8.GetBytes(text, buffer);

    private async Task ReceiveAsync()
    {
        var reader = PipeReader.Create(new NetworkStream(_socket));
        while (true)
        {
            var read = await reader.ReadAsync();
            var rest = read.Buffer;
            while (TryRead(ref rest, out var reply))
                if (_sent.TryDequeue(out var answer)) Complete(answer, reply);
            reader.AdvanceTo(rest.Start, rest.End);
            if (!read.IsCompleted) continue;
            while (_sent.TryDequeue(out var lost)) lost.TrySetException(new IOException("Redis went away."));
            return;
        }
    }

    private static void Complete(TaskCompletionSource<string> answer, string reply)
    {
        if (reply[0] == '!') answer.TrySetException(new InvalidOperationException(reply[1..]));
        else answer.TrySetResult(reply);
    }

    // One line, and for a string the line after it. An error is marked by an exclamation mark.
    private static bool TryRead(ref ReadOnlySequence<byte> bytes, out string reply)
    {
        reply = "";
        var reader = new SequenceReader<byte>(bytes);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8)) return false;
        var text = Encoding.UTF8.GetString(line);
        if (text[0] == '$' && !reader.TryReadTo(out line, "\r\n"u8)) return false;
        reply = text[0] switch
        {
            '$' => Encoding.UTF8.GetString(line),
            '-' => "!" + text[1..],
            _ => text[1..],
        };
        bytes = bytes.Slice(reader.Position);
        return true;
    }
}
