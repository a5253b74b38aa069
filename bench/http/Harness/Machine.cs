using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Harness.Contending;
using Harness.Reporting;

namespace Harness;

/// <summary>What it is measured on.</summary>
internal static class Machine
{
    public static Conditions Describe(RunOptions options) => new(
        DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(": ", 2)[1].Trim() ?? "unknown",
        Environment.ProcessorCount,
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture),
        options.Rounds, options.Seconds,
        [
            $".NET {Environment.Version}", $"Node.js {Ask("node", "--version").TrimStart('v')}",
            Ask("nginx", "-v").Replace("nginx version: ", "", StringComparison.Ordinal),
            string.Join(' ', Ask("haproxy", "-v").Split(' ').Take(3)),
            string.Join(' ', Ask("redis-server", "--version").Split(' ').Take(3)),
            string.Join(' ', Ask("wrk", "-v").Split(' ').Take(2)),
        ]);

    /// <summary>Microseconds in which the core was not idle, since the machine started.</summary>
    public static double BusySeconds(int core)
    {
        var fields = File.ReadLines("/proc/stat")
            .First(line => line.StartsWith($"cpu{core} ", StringComparison.Ordinal)).Split(' ')[1..]
            .Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        // user, nice, system, idle, iowait, irq, softirq; in hundredths.
        return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / 100;
    }

    /// <exception cref="InvalidOperationException">A port of the bench is in use.</exception>
    public static void CheckPorts(IEnumerable<int> ports)
    {
        foreach (var port in ports)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException)
            {
                throw new InvalidOperationException($"Port {port} is in use; the bench needs it.");
            }
        }
    }

    // Some tell their version as an error.
    private static string Ask(string program, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo(program, argument)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n')[0].Trim();
    }
}
