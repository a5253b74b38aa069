using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Limiter.Http.Tests.Gateways;

/// <summary>
/// A real gateway before a server and an API, configured by the very files of docs/gateways, their ports changed.
/// </summary>
internal sealed class RunningGateway : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _folder;

    private RunningGateway(Process process, string folder, int port)
    {
        (_process, _folder) = (process, folder);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };
    }

    public HttpClient Client { get; }

    /// <summary>Where a program is; null when this machine has none.</summary>
    public static string? Find(string program) =>
        ((string[])["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"])
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <param name="program">Its binary.</param>
    /// <param name="files">Its files of docs/gateways.</param>
    /// <param name="arguments">Of its command line; the files are in its working folder.</param>
    /// <param name="ready">What it writes once it listens.</param>
    /// <param name="server">The Limiter that it asks.</param>
    /// <param name="upstream">The API that it forwards to.</param>
    public static async Task<RunningGateway> StartAsync(
        string program, string[] files, string[] arguments, string ready, Uri server, Uri upstream)
    {
        var folder = Directory.CreateTempSubdirectory("limiter-gateway-").FullName;
        var port = FreePort();
        foreach (var file in files)
        {
            var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "gateways", file));
            text = text.Replace("127.0.0.1:8000", $"127.0.0.1:{port}", StringComparison.Ordinal)
                .Replace("127.0.0.1:7071", server.Authority, StringComparison.Ordinal)
                .Replace("127.0.0.1:8080", upstream.Authority, StringComparison.Ordinal)
                .Replace("the-gateway-key", TestServer.GatewayKey, StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder, file), text);
        }
        var start = new ProcessStartInfo(program, arguments.Select(a => a.Replace("{folder}", folder + "/")))
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["LIMITER_GATEWAY_KEY"] = TestServer.GatewayKey;
        start.Environment["HOME"] = folder;
        var process = Process.Start(start)!;
        var gateway = new RunningGateway(process, folder, port);
        await gateway.WaitAsync(ready);
        return gateway;
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitAsync(string ready)
    {
        var started = new TaskCompletionSource();
        var written = new List<string>();
        void Take(string? line)
        {
            lock (written) written.Add(line ?? "");
            if (line?.Contains(ready, StringComparison.Ordinal) == true) started.TrySetResult();
        }
        _process.OutputDataReceived += (_, said) => Take(said.Data);
        _process.ErrorDataReceived += (_, said) => Take(said.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var ended = _process.WaitForExitAsync();
        var first = await Task.WhenAny(started.Task, ended).WaitAsync(Patience);
        if (first == started.Task) return;
        lock (written) throw new InvalidOperationException(string.Join('\n', written));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
