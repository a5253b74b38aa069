using Limiter.Domain;
using Limiter.Domain.Alerts;

namespace Limiter.Engine.Ports;

/// <summary>The bounds of <see cref="IAlertStore"/>, checked alike by every adapter.</summary>
public static class AlertBounds
{
    /// <exception cref="ArgumentOutOfRangeException">Nothing, or more than one page has.</exception>
    public static void CheckPage(int take)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, IAlertStore.PageMax);
    }

    /// <exception cref="ArgumentOutOfRangeException">The page is none, or the time does not lie ahead.</exception>
    public static void CheckPostponed(Instant now, Instant until, int take)
    {
        CheckPage(take);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(until.UnixMilliseconds, now.UnixMilliseconds, nameof(until));
    }

    /// <exception cref="ArgumentException">
    /// The alert is none to add: no body, too large a one, or not waiting.
    /// </exception>
    public static void CheckAdded(Alert alert)
    {
        if (alert.Body.Length is 0 or > Alert.BodyBytesMax)
            throw new ArgumentException($"A body has 1 to {Alert.BodyBytesMax} bytes.", nameof(alert));
        if (alert.State != AlertState.Waiting || alert.DueAt is null)
            throw new ArgumentException("What is added waits.", nameof(alert));
    }
}
