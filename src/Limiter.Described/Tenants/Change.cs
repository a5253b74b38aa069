using System.ComponentModel.DataAnnotations;

namespace Limiter.Described.Tenants;

/// <summary>What was changed of a tenant.</summary>
public sealed class Change
{
    /// <summary>Rises with each change.</summary>
    [AtLeast(0)]
    public required long Number { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whose key it was made with.</summary>
    public required string By { get; init; }

    /// <summary>Who, as the caller says.</summary>
    public string Actor { get; init; } = "";

    /// <summary>What was changed.</summary>
    [AllowedValues("created", "plan", "override", "adjustment", "suspension", "terms", "keyMinted", "keyImported",
        "keyRotated", "keyRevoked", "removed", "alertsSet", "alertsRemoved", "linkMade", "other")]
    public required string What { get; init; }

    /// <summary>Of an override or an adjustment: the limit.</summary>
    public string Limit { get; init; } = "";

    /// <summary>Of a key: its public name.</summary>
    public string Key { get; init; } = "";

    /// <summary>What it was: of the same shape as where it is set; null for nothing.</summary>
    public required object? Before { get; init; }

    /// <summary>What it became: of the same shape as where it is set; null for nothing.</summary>
    public required object? After { get; init; }

    /// <summary>In the operator's words.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>Changes, the latest first.</summary>
public sealed class ChangePage
{
    /// <summary>The latest first.</summary>
    public required Change[] Changes { get; init; }

    /// <summary>The 'after' of the next page; null where this is the last.</summary>
    public required string? Next { get; init; }
}
