using System.Net.Sockets;
using System.Text;

namespace Limiter.Contracts.Tests.Running;

/// <summary>Sends what no well-behaved client sends.</summary>
internal static class RawClient
{
    /// <summary>Longest wait for the other side.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends text that asks for the connection to be closed, and reads until it is.</summary>
    public static Task<string> SendAsync(Uri address, string request) =>
        SendAsync(address, Encoding.Latin1.GetBytes(request), ends: false);

    /// <summary>Sends bytes and reads until the other side closes.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="request">The bytes.</param>
    /// <param name="ends">
    /// Ends the sending side, for what may be no whole request; the server may then keep its answer to itself.
    /// </param>
    public static async Task<string> SendAsync(Uri address, ReadOnlyMemory<byte> request, bool ends)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address.Host, address.Port, patience.Token);
        await using var stream = client.GetStream();
        var answering = ReadAsync(stream, patience.Token);
        try
        {
            await stream.WriteAsync(request, patience.Token);
            if (ends) client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The other side may answer and close before it has read everything.
        }
        return await answering;
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken patience)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, patience) is > 0 and var read)
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Reset: what came before it counts.
        }
        return text.ToString();
    }
}
