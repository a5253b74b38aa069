using Microsoft.Extensions.Logging;

namespace Limiter.Client.Edge;

/// <summary>Tells of failures once in ten seconds: an outage fails every call. Thread-safe.</summary>
internal sealed class FailureLog(ILogger logger, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long _toldAt;
    private long _untold;

    public void Told(Exception failure)
    {
        var (last, now) = (Volatile.Read(ref _toldAt), clock.GetTimestamp());
        if ((last != 0 && clock.GetElapsedTime(last, now) < Interval)
            || Interlocked.CompareExchange(ref _toldAt, now, last) != last)
        {
            Interlocked.Increment(ref _untold);
            return;
        }
        Log.Failed(logger, Interlocked.Exchange(ref _untold, 0), failure.Message);
    }
}
