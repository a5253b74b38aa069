namespace Limiter.Domain.Policies;

/// <summary>A value that a body can hold.</summary>
internal enum BodyField
{
    None,
    RetryAfter,
    Limit,
    Remaining,
    LimitName,
    Cost,
    Reset,
    Timestamp,
    RequestId,
    Window,
}

