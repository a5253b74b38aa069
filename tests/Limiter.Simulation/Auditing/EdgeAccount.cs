namespace Limiter.Simulation.Auditing;

/// <summary>What one edge did in one limit. A mutable value.</summary>
internal struct EdgeAccount
{
    /// <summary>Tokens granted to it.</summary>
    public long Granted;

    /// <summary>Tokens that it admitted on a grant.</summary>
    public long Admitted;

    /// <summary>Tokens that it admitted without one.</summary>
    public long Degraded;

    /// <summary>Tokens charged for those on recovery.</summary>
    public long Recovered;

    /// <summary>When it admitted those; null for none.</summary>
    public OwedByEdge? Owed;
}
