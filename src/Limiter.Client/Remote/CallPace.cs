using Limiter.Domain;

namespace Limiter.Client.Remote;

/// <summary>
/// When this process may call the limiter, which takes 200 calls and 20,000 requests a second of one edge and refuses
/// further ones: that would seem an outage to whoever asked. All that counts there shares one pace. Thread-safe.
/// </summary>
/// <param name="clock">The time between calls.</param>
internal sealed class CallPace(TimeProvider clock)
{
    /// <summary>Milliseconds from call to call, where they come without a pause.</summary>
    public const int IntervalMs = 10;

    /// <summary>Calls that may come at once after a pause: with the others at most 150 in a second.</summary>
    public const int BurstMax = 50;

    /// <summary>
    /// Microseconds that a request in a call takes, if all of them take more than the call's interval: at most 18,750
    /// requests in a second, and those of the last call.
    /// </summary>
    public const int RequestUs = 80;

    /// <summary>
    /// Longest time in milliseconds from one call that gives way to the next: where others never pause, ten a second.
    /// </summary>
    public const int GivesWayMs = 100;

    private readonly Lock _gate = new();
    // When calls that came at their intervals would have reached the present one.
    private long _pacedUntil = clock.GetTimestamp();
    // When a call that gives way does so no longer.
    private long _givesWayUntil = clock.GetTimestamp();

    public TimeProvider Clock => clock;

    /// <summary>Zero: a call is made now, and counts. Otherwise how long to wait before asking again.</summary>
    /// <param name="givesWay">
    /// Whether nobody waits for it: then it leaves half of what may come at once to the others.
    /// </param>
    public TimeSpan Next(bool givesWay = false)
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            var early = _pacedUntil - now - Ticks((givesWay ? BurstMax / 2 : BurstMax) * IntervalMs * 1_000);
            if (givesWay) early = Math.Min(early, _givesWayUntil - now);
            // Whole milliseconds: a timer that ends a little early would be asked for again at once.
            if (early > 0) return TimeSpan.FromMilliseconds(Ceiling.Divide(early * 1_000, clock.TimestampFrequency));
            if (givesWay) _givesWayUntil = now + Ticks(GivesWayMs * 1_000);
            _pacedUntil = Math.Max(_pacedUntil, now) + Ticks(IntervalMs * 1_000);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Tells how many requests the call holds that is made now: many of them put off the next one.</summary>
    public void Carries(int requests)
    {
        var longer = Ticks((requests * RequestUs) - (IntervalMs * 1_000));
        if (longer <= 0) return;
        lock (_gate) _pacedUntil += longer;
    }

    /// <summary>Waits until a call may be made for which nobody waits, and counts it.</summary>
    public async Task GiveWayAsync(int requests, CancellationToken cancellation)
    {
        while (Next(givesWay: true) is { Ticks: > 0 } pause)
            await Task.Delay(pause, clock, cancellation).ConfigureAwait(false);
        Carries(requests);
    }

    private long Ticks(long microseconds) => clock.TimestampFrequency * microseconds / 1_000_000;
}
