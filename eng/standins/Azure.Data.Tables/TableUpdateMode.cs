namespace Azure.Data.Tables;

/// <summary>What becomes of the properties that a stored entity has and the sent one lacks.</summary>
public enum TableUpdateMode
{
    /// <summary>They stay.</summary>
    Merge = 0,

    /// <summary>They go.</summary>
    Replace = 1,
}
