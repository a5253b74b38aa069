namespace Limiter.Engine.Remotes;

/// <summary>Why one request of a remote edge has no answer. The other requests of its call are not concerned.</summary>
public enum RemoteFailure
{
    None,

    /// <summary>It says what no edge says, or speaks for another edge.</summary>
    InvalidRequest,

    /// <summary>
    /// No tenant, key or address has such a bucket, or the policy in force counts nothing there. What was spent can
    /// still be reported.
    /// </summary>
    UnknownBucket,

    /// <summary>The edge decides by a policy that this process does not have yet: ask again.</summary>
    PolicyBehind,

    /// <summary>The bucket cannot be reached; the request may or may not have taken effect.</summary>
    Unreachable,

    /// <summary>The bucket's state cannot be read.</summary>
    Damaged,
}
