using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Limiter.Server.Policies;

/// <summary>
/// Has the policy's file looked at when it changes, when the process is told to (SIGHUP), and every few seconds:
/// mounted folders and replaced links do not tell of changes.
/// </summary>
internal sealed class PolicyWatch : IAsyncDisposable
{
    /// <summary>Time between two looks that nothing called for, by the system's clock.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _calls = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly PolicyReloading _reloading;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly FileSystemWatcher? _watcher;
    private readonly PosixSignalRegistration? _signal;
    private readonly Task _running;
    private int _isAsked;

    public PolicyWatch(PolicyReloading reloading, ILogger logger)
    {
        (_reloading, _logger) = (reloading, logger);
        _watcher = Watch();
        if (!OperatingSystem.IsWindows())
            _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                // Without this the process would end.
                context.Cancel = true;
                Volatile.Write(ref _isAsked, 1);
                Call();
            });
        _running = RunAsync(_stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _signal?.Dispose();
        _watcher?.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private FileSystemWatcher? Watch()
    {
        try
        {
            var watcher = new FileSystemWatcher(
                Path.GetDirectoryName(_reloading.File)!, Path.GetFileName(_reloading.File));
            watcher.Changed += (_, _) => Call();
            watcher.Created += (_, _) => Call();
            // Editors write another file and rename it over this one.
            watcher.Renamed += (_, _) => Call();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            Log.CannotWatch(_logger, e);
            return null;
        }
    }

    // Several before the next look count as one.
    private void Call() => _calls.Writer.TryWrite(true);

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(stopping).ConfigureAwait(false);
                await _reloading.RunAsync(Interlocked.Exchange(ref _isAsked, 0) == 1, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // One look that fails must not be the last.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.LookFailed(_logger, e);
            }
        }
    }

    private async Task WaitAsync(CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Interval);
        try
        {
            await _calls.Reader.ReadAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // Nothing called for a look; it is time for one.
        }
    }
}
