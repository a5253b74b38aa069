using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

[assembly: AssemblyFixture(typeof(Limiter.Azurite.AzuriteServer))]

namespace Limiter.Azurite;

/// <summary>
/// The storage emulator's table service in a process of its own: on a free port, with a folder that goes with it. One
/// for a whole test project; a test that stops it makes its own.
/// </summary>
public sealed class AzuriteServer : IAsyncLifetime
{
    public const string Account = "devstoreaccount1";

    // Published in Azurite's documentation: no secret.
    public const string Key =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const string Script = "eng/azurite/node_modules/azurite/dist/src/table/main.js";
    private const string Ready = "successfully";
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);
    private static int _tables;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("limiter-azurite-");
    private Process? _process;

    public int Port { get; } = FreePort();

    public Uri Endpoint => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/{Account}"));

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};TableEndpoint={Endpoint}";

    /// <summary>A table's name that no other test of this run has.</summary>
    public static string NewName() =>
        string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _tables)}x");

    public async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts it, on the same port and folder as before.</summary>
    public async Task StartAsync()
    {
        var script = Path.Combine(Root(), Script);
        if (!File.Exists(script))
            throw new InvalidOperationException($"{Script} is missing: run ./test.sh, or npm ci in eng/azurite.");
        var lines = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("node")
            {
                ArgumentList =
                {
                    script, "--location", _folder.FullName, "--tableHost", "127.0.0.1",
                    "--tablePort", Port.ToString(CultureInfo.InvariantCulture),
                    "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        void Heard(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null) return;
            lock (said) said.Add(line.Data);
            if (line.Data.Contains(Ready, StringComparison.Ordinal)) lines.TrySetResult();
        }
        process.OutputDataReceived += Heard;
        process.ErrorDataReceived += Heard;
        process.Exited += (_, _) =>
        {
            lock (said) lines.TrySetException(new InvalidOperationException(string.Join('\n', said)));
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        try
        {
            await lines.Task.WaitAsync(StartsWithin);
        }
        catch
        {
            await KillAsync();
            throw;
        }
    }

    /// <summary>
    /// Asks it to save what it holds and end. Without signals, as on Windows, it ends at once and forgets.
    /// </summary>
    public async Task StopAsync()
    {
        if (_process is not { HasExited: false } process || OperatingSystem.IsWindows())
        {
            await KillAsync();
            return;
        }
        await SendAsync(process, "-INT");
        await process.WaitForExitAsync().WaitAsync(StartsWithin);
        await KillAsync();
    }

    /// <summary>
    /// From now on it takes connections and answers nothing, until it is thawed. Not on Windows, which has no signals.
    /// </summary>
    public Task FreezeAsync() => SendAsync(_process!, "-STOP");

    /// <summary>It goes on where it was, and answers what has come meanwhile.</summary>
    public Task ThawAsync() => SendAsync(_process!, "-CONT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    private async Task KillAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task SendAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0) throw new InvalidOperationException($"kill {signal} ended with {kill.ExitCode}.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Limiter.sln")))
                return at.FullName;
        throw new InvalidOperationException($"No Limiter.sln above {AppContext.BaseDirectory}.");
    }
}
