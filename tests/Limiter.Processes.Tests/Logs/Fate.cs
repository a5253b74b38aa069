namespace Limiter.Processes.Tests.Logs;

/// <summary>What became of a check.</summary>
internal enum Fate
{
    Allowed,

    /// <summary>429.</summary>
    Denied,

    /// <summary>503: the store is out of reach, and the policy is closed.</summary>
    Refused,

    /// <summary>The process was killed before it answered: its tokens may have been taken.</summary>
    Lost,
}
