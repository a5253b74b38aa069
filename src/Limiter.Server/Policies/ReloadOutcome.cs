namespace Limiter.Server.Policies;

/// <summary>What became of a look at the policy's file.</summary>
public enum ReloadOutcome
{
    /// <summary>It is the one in force.</summary>
    Unchanged,

    /// <summary>It is in force now.</summary>
    Adopted,

    /// <summary>It cannot be used, and the log says why; the one before stays.</summary>
    Refused,
}
