using System.Net.Http.Headers;
using Limiter.Client.Remote;

namespace Limiter.Client.Edge;

/// <summary>
/// Keeps the policy in force here that is in force at the limiter: asks at an interval, and at once when an answer told
/// of a newer one. Until the first answer it asks each second.
/// </summary>
internal sealed class PolicyPolling(
    ClientEdge edge, RemoteCalls calls, TimeSpan interval, Action<Exception> onFailure) : IAsyncDisposable
{
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1);

    /// <summary>However often answers tell of another policy.</summary>
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a limiter may tell an older policy before it is believed: while a newer one is rolled out, some hosts
    /// of a limiter lag behind. One whose store was lost counts from 1 again.
    /// </summary>
    private static readonly TimeSpan BehindPatience = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _asking = new(1, 1);
    private readonly SemaphoreSlim _woken = new(0, 1);
    private readonly CancellationTokenSource _ended = new();
    private Task _running = Task.CompletedTask;
    private EntityTagHeaderValue? _tag;
    private RemotePolicy? _known;
    private long _behindSince;

    public void Start() => _running = RunAsync();

    /// <summary>An answer told this generation: another than is known here is asked for at once.</summary>
    public void Told(long generation)
    {
        if (_known is not { } known || generation == known.Generation || _woken.CurrentCount > 0) return;
        try
        {
            _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else told of it.
        }
    }

    /// <summary>Asks now. What fails is told, and asked again later.</summary>
    public async Task AskAsync(CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (await RemotePolicy.ReadAsync(calls, _tag, cancellation).ConfigureAwait(false) is { } told) Take(told);
            else _behindSince = 0;
        }
        catch (RemoteException failure)
        {
            onFailure(failure);
        }
        finally
        {
            _asking.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ended.Dispose();
        _asking.Dispose();
        _woken.Dispose();
    }

    private void Take(RemotePolicy told)
    {
        var isBehind = _known is { } known && told.Generation < known.Generation;
        if (isBehind && !IsBelieved(told)) return;
        edge.Adopt(told, restarts: isBehind);
        (_known, _tag, _behindSince) = (told, told.Tag, 0);
    }

    // The same file under a lower number is a limiter that began anew, and not one that lags behind.
    private bool IsBelieved(RemotePolicy told)
    {
        if (told.Policy.Digest.AsSpan().SequenceEqual(_known!.Policy.Digest.AsSpan())) return true;
        var now = TimeProvider.System.GetTimestamp();
        if (_behindSince == 0) _behindSince = now;
        return TimeProvider.System.GetElapsedTime(_behindSince, now) >= BehindPatience;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var wait = _known is null || _behindSince != 0 ? FirstInterval : interval;
                await _woken.WaitAsync(wait, _ended.Token).ConfigureAwait(false);
                await AskAsync(_ended.Token).ConfigureAwait(false);
                await Task.Delay(ShortestInterval, TimeProvider.System, _ended.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }
}
