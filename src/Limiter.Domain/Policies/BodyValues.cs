namespace Limiter.Domain.Policies;

/// <summary>What a <see cref="BodyTemplate"/> can say of one denial.</summary>
public readonly record struct BodyValues
{
    /// <summary><c>{retryAfter}</c>: whole seconds, rounded up, at least 1.</summary>
    public long RetryAfterSeconds { get; init; }

    /// <summary><c>{limit}</c>: the refusing limit's number in force.</summary>
    public long Limit { get; init; }

    /// <summary><c>{remaining}</c>: tokens that the refusing limit has left, at least 0.</summary>
    public long Remaining { get; init; }

    /// <summary><c>{limitName}</c>: the refusing limit's name. Null is written as an empty text.</summary>
    public string? LimitName { get; init; }

    /// <summary><c>{cost}</c>: tokens that the request needed.</summary>
    public long Cost { get; init; }

    /// <summary><c>{resetUnix}</c>: seconds since 1970-01-01T00:00:00Z, rounded up.</summary>
    public long ResetUnixSeconds { get; init; }

    /// <summary><c>{timestamp}</c>: the time of the decision, written in whole seconds, rounded down.</summary>
    public Instant Timestamp { get; init; }

    /// <summary><c>{requestId}</c>: the caller's random number, written as 8 lower-case hexadecimal digits.</summary>
    public uint RequestId { get; init; }

    /// <summary><c>{window}</c>: length of the refusing limit's window in whole seconds, rounded up.</summary>
    public long WindowSeconds { get; init; }
}
