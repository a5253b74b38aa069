using System.Diagnostics;
using System.Text.Json;
using Harness.Contending;

namespace Harness.Loading;

/// <summary>One round of load, by wrk on its own core: as many requests as the server answers.</summary>
internal static class Wrk
{
    // It ends by itself after its seconds; who hangs is stopped.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <exception cref="InvalidOperationException">wrk failed.</exception>
    public static async Task<WrkResult> RunAsync(
        Place place, Contender contender, Workload workload, string poor, int seconds, int seed,
        CancellationToken cancellation)
    {
        var info = new ProcessStartInfo("taskset",
        [
            "-c", $"{Place.LoadCore}", "wrk", "-t1", $"-c{workload.Connections}", $"-d{seconds}s", "--timeout", "5s",
            "-s", Path.Combine(place.Bench, "load", "load.lua"), contender.Address.ToString(), "--",
            workload.Family, workload.Pattern, Place.GatewayKey, poor, $"{seed}",
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(info)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(seconds) + Patience);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            var line = output.Split('\n').FirstOrDefault(text => text.StartsWith("RESULT ", StringComparison.Ordinal));
            return line is null
                ? throw new InvalidOperationException(
                    $"wrk failed: {output}{await process.StandardError.ReadToEndAsync(cancellation)}")
                : JsonSerializer.Deserialize<WrkResult>(line[7..], JsonSerializerOptions.Web)!;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}

/// <summary>What wrk saw. Times in microseconds.</summary>
internal sealed record WrkResult(
    long Requests, long Microseconds, long Denied, long Failed, long P50, long P99, long P999, long Most);
