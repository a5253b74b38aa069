using System.Net.Sockets;
using System.Text;

namespace Limiter.Http.Tests;

/// <summary>Requests that a well-behaved client cannot send.</summary>
internal static class RawHttp
{
    /// <summary>Sends bytes as they are and reads until the other side closes.</summary>
    public static async Task<string> SendAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answering = reader.ReadToEndAsync();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        }
        catch (IOException)
        {
            // The other side may answer and close before it has read everything.
        }
        return await answering;
    }
}
