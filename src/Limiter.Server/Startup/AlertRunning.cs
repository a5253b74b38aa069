using System.Collections.Concurrent;
using Limiter.Engine.Ports;
using Limiter.Http.Alerts;

namespace Limiter.Server.Startup;

/// <summary>
/// Sends alerts that are due, every few seconds by the server's clock, and the summaries of closed days.
/// </summary>
internal sealed class AlertRunning : IAsyncDisposable
{
    public static readonly TimeSpan SendInterval = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan SummaryInterval = TimeSpan.FromMinutes(5);

    /// <summary>Most runs at once: one that waits for a slow webhook does not hold the next up.</summary>
    private const int RunsMax = 8;

    /// <summary>
    /// Longest time for attempts under way to end; what they were is sent again by whoever starts next.
    /// </summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly Alerting _alerting;
    private readonly ILogger _logger;
    private readonly ITimer _sending;
    private readonly ITimer _summing;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _runs = new();
    private bool _isFailing;

    public AlertRunning(Alerting alerting, TimeProvider clock, ILogger logger)
    {
        (_alerting, _logger) = (alerting, logger);
        _sending = clock.CreateTimer(_ => Start(_alerting.SendAsync), null, SendInterval, SendInterval);
        _summing = clock.CreateTimer(_ => Start(_alerting.SummariseAsync), null, SummaryInterval, SummaryInterval);
    }

    /// <summary>Whatever is to be done by now, what the timers began included.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        // What a timer began has its tenants to itself until it ends.
        await Task.WhenAll(_runs.Keys).WaitAsync(cancellation).ConfigureAwait(false);
        await GuardAsync(
            async ended =>
            {
                await _alerting.RunAsync(ended).ConfigureAwait(false);
                return 0;
            },
            cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _sending.DisposeAsync().ConfigureAwait(false);
        await _summing.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_runs.Keys).WaitAsync(StopPatience)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _alerting.CloseWithinAsync(StopPatience).ConfigureAwait(false);
        await _alerting.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private void Start(Func<CancellationToken, Task<int>> run)
    {
        if (_runs.Count >= RunsMax) return;
        var running = GuardAsync(run, _stopping.Token);
        if (running.IsCompleted) return;
        _runs[running] = true;
        _ = running.ContinueWith(
            ended => _runs.TryRemove(ended, out _), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task GuardAsync(Func<CancellationToken, Task<int>> run, CancellationToken cancellation)
    {
        try
        {
            await run(cancellation).ConfigureAwait(false);
            if (_isFailing) Log.AlertsRecovered(_logger);
            _isFailing = false;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The server stops.
        }
#pragma warning disable CA1031 // One run that fails must not be the last.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!_isFailing || e is not StoreUnavailableException) Log.AlertsFailed(_logger, e);
            _isFailing = true;
        }
    }
}
