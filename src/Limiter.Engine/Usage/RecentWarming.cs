using System.Diagnostics.CodeAnalysis;

namespace Limiter.Engine.Usage;

/// <summary>
/// Reads the last minutes when a process begins, beside its other work: who asks first for the overview then need not
/// wait for all of them. At most a minute long; what was not read by then is read by whoever asks.
/// </summary>
public sealed class RecentWarming : IAsyncDisposable
{
    /// <summary>Longest reading.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _ended = new(Patience);

    /// <param name="recent">What is to be read.</param>
    /// <param name="onFailure">Told of a reading that failed; must not throw.</param>
    public RecentWarming(RecentUsage recent, Action<Exception> onFailure) =>
        Completion = Task.Run(() => ReadAsync(recent, onFailure, _ended.Token));

    /// <summary>Completes when all is read, or nothing more will be; never fails.</summary>
    public Task Completion { get; }

    /// <summary>Ends a reading that goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
        _ended.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whoever asks reads again, and is told then.")]
    private static async Task ReadAsync(RecentUsage recent, Action<Exception> onFailure, CancellationToken cancellation)
    {
        try
        {
            await recent.ViewAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The process ends, or the store is slow.
        }
        catch (Exception failure)
        {
            onFailure(failure);
        }
    }
}
