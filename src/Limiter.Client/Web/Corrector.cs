using Limiter.Client.Edge;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace Limiter.Client.Web;

/// <summary>Corrects costs behind the answers: nobody waits for that. Thread-safe.</summary>
internal sealed class Corrector(ClientEdge edge, ILogger<Corrector> logger)
{
    /// <summary>Most corrections under way; the cost of a further request stays as it was charged.</summary>
    public const int UnderWayMax = 10_000;

    /// <summary>Tries of one correction; a repetition changes nothing.</summary>
    private const int TriesMax = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _underWay;

    public int UnderWay => Volatile.Read(ref _underWay);

    public void Correct(AdmittedCheck admitted, long trueCost)
    {
        if (admitted.Cost == trueCost) return;
        if (Interlocked.Increment(ref _underWay) <= UnderWayMax)
        {
            _ = CorrectAsync(admitted, trueCost);
            return;
        }
        Interlocked.Decrement(ref _underWay);
        Log.NotCorrected(logger, $"{UnderWayMax} corrections are under way.");
    }

    private async Task CorrectAsync(AdmittedCheck admitted, long trueCost)
    {
        try
        {
            for (var tried = 1; !await TryCorrectAsync(admitted, trueCost, tried).ConfigureAwait(false); tried++)
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task<bool> TryCorrectAsync(AdmittedCheck admitted, long trueCost, int tried)
    {
        if (edge.Checker is not { } checker) return true;
        try
        {
            await checker.ChargeAsync(admitted, trueCost, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is BucketsUnavailableException or StoreUnavailableException)
        {
            if (tried < TriesMax) return false;
            Log.NotCorrected(logger, failure.Message);
            return true;
        }
#pragma warning disable CA1031 // Nobody waits for this: whatever fails is told.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.NotCorrected(logger, failure.Message);
            return true;
        }
    }
}
