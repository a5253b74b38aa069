using Limiter.Engine.Ports;

namespace Limiter.Server.Startup;

/// <summary>Deletes buckets that nothing is left to remember of, a few at a time, while the server runs.</summary>
internal sealed class Sweeping : IAsyncDisposable
{
    /// <summary>Time between two looks, by the system's clock.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Buckets of one page.</summary>
    public const int Take = 1_000;

    /// <summary>Pages of one look that found nothing to delete, before the next look goes on from there.</summary>
    public const int VainPagesMax = 10;

    /// <summary>Most pages of one look.</summary>
    public const int PagesMax = 200;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    public Sweeping(IBucketSweeper sweeper, ILogger logger) => _running = RunAsync(sweeper, logger, _stopping.Token);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static async Task RunAsync(IBucketSweeper sweeper, ILogger logger, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
                await SweepAsync(sweeper, logger, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private static async Task SweepAsync(IBucketSweeper sweeper, ILogger logger, CancellationToken stopping)
    {
        try
        {
            var vain = 0;
            for (var page = 0; page < PagesMax && vain < VainPagesMax; page++)
            {
                var swept = await sweeper.SweepAsync(Take, stopping).ConfigureAwait(false);
                if (swept.Ended) return;
                if (swept.Deleted == 0) vain++;
            }
        }
        catch (BucketsUnavailableException e)
        {
            Log.SweepFailed(logger, e);
        }
    }
}
