namespace Limiter.Domain.Usage;

/// <summary>What the lines of a sheet are told apart by.</summary>
public enum UsageSplit
{
    /// <summary>Nothing: all lines are one.</summary>
    None,

    /// <summary>The endpoint group and the template.</summary>
    Endpoint,

    /// <summary>The key.</summary>
    Key,
}
