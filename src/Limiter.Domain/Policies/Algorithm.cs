namespace Limiter.Domain.Policies;

/// <summary>How a limit counts. The numbers are part of the stored format: never renumber.</summary>
public enum Algorithm
{
    /// <summary>At most N in each window; windows of a fixed length, aligned to the Unix epoch.</summary>
    FixedWindow = 0,

    /// <summary>At most N in each UTC hour, day or month.</summary>
    CalendarQuota = 1,

    /// <summary>At most N in any interval of the window's length, exact to one slot.</summary>
    SlidingWindow = 2,

    /// <summary>At most capacity + rate × T in any interval T.</summary>
    TokenBucket = 3,
}
