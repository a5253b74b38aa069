using Limiter.Engine.Ports;
using Limiter.Engine.Usage;

namespace Limiter.Server.Startup;

/// <summary>
/// Sums usage up each minute by the server's clock, closes the days that are over, and deletes what is too old.
/// </summary>
internal sealed class UsageRolling : IAsyncDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly UsageRoller _roller;
    private readonly UsageRetention _retention;
    private readonly RecentUsage _recent;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _running = new(1, 1);
    private bool _isFailing;

    public UsageRolling(
        UsageRoller roller, UsageRetention retention, RecentUsage recent, TimeProvider clock, ILogger logger)
    {
        (_roller, _retention, _recent, _logger) = (roller, retention, recent, logger);
        _timer = clock.CreateTimer(_ => _ = RunIfIdleAsync(), null, Interval, Interval);
    }

    /// <summary>Runs now, after a run that is under way.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await _running.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await _roller.CloseDaysAsync(cancellation).ConfigureAwait(false);
            // Nearly always there is nothing to delete, which costs three looks.
            var deleted = await _retention.RunAsync(cancellation).ConfigureAwait(false);
            if (deleted > 0) Log.Deleted(_logger, deleted);
            // So that whoever asks for the overview waits for one minute at most, not for five.
            await _recent.ViewAsync(cancellation).ConfigureAwait(false);
            if (_isFailing) Log.RollingRecovered(_logger);
            _isFailing = false;
        }
        catch (Exception e) when (e is StoreUnavailableException or BucketsUnavailableException)
        {
            if (!_isFailing) Log.RollingFailed(_logger, e);
            _isFailing = true;
        }
        finally
        {
            _running.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        // A run under way ends first.
        await _running.WaitAsync().ConfigureAwait(false);
        _running.Dispose();
        _stopping.Dispose();
    }

    private async Task RunIfIdleAsync()
    {
        if (_running.CurrentCount == 0) return;
        try
        {
            await RunAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
#pragma warning disable CA1031 // One run that fails must not be the last.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.RollingFailed(_logger, e);
        }
    }
}
