using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Harness.Contending;

/// <summary>A process that was started here on one core, and is stopped here.</summary>
internal sealed class PinnedProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(8);
    private static readonly double TicksPerSecond = SysConf(2);

    private readonly Process _process;

    private PinnedProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    /// <summary>Seconds of processor time that it has used.</summary>
    public double CpuSeconds => ReadStat() is { } fields ? (fields[11] + fields[12]) / TicksPerSecond : 0;

    /// <summary>Bytes of memory that it occupies.</summary>
    public long MemoryBytes => File.ReadLines($"/proc/{_process.Id}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(),
            CultureInfo.InvariantCulture) * 1024)
        .FirstOrDefault();

    /// <summary>Its pid goes into the run's list, so that the script can stop it if this program dies.</summary>
    public static PinnedProcess Start(Place place, IReadOnlyList<string> command, int core)
    {
        var info = new ProcessStartInfo("taskset", ["-c", $"{core}", .. command])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = place.Scratch,
        };
        // The server's own settings are the arguments above; nothing of the caller's environment changes them.
        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("LIMITER__", StringComparison.Ordinal))
            .ToArray()) info.Environment.Remove(name);
        info.Environment["DOTNET_ENVIRONMENT"] = info.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        info.Environment["NODE_ENV"] = "production";
        var process = Process.Start(info) ?? throw new Win32Exception($"{command[0]} did not start.");
        File.AppendAllText(Path.Combine(place.Scratch, "pids"), $"{process.Id}\n");
        var log = Path.Combine(place.Scratch, $"{Path.GetFileName(command[0])}-{process.Id}.log");
        var gate = new Lock();
        process.OutputDataReceived += (_, line) => Add(log, line.Data, gate);
        process.ErrorDataReceived += (_, line) => Add(log, line.Data, gate);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new PinnedProcess(process);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _ = Kill(_process.Id, Terminate);
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    // Fields after the name in brackets, from the third of proc(5) on; their numbers only.
    private long[]? ReadStat()
    {
        try
        {
            var text = File.ReadAllText($"/proc/{_process.Id}/stat");
            return [.. text[(text.LastIndexOf(')') + 2)..].Split(' ').Select(
                field => long.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Add(string log, string? line, Lock gate)
    {
        if (line is null) return;
        lock (gate) File.AppendAllText(log, line + "\n");
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "sysconf")]
    private static extern long SysConf(int name);
}
