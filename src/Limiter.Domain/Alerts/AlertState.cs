namespace Limiter.Domain.Alerts;

/// <summary>How far an alert has come. The numbers are part of the stored format: never renumber.</summary>
public enum AlertState
{
    /// <summary>It is to be delivered, for the first time or again.</summary>
    Waiting = 0,

    Delivered = 1,

    /// <summary>It could not be delivered for <see cref="RetryPause.LifetimeMs"/> and is not tried again.</summary>
    Dead = 2,
}
