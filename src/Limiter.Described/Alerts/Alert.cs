using System.ComponentModel.DataAnnotations;

namespace Limiter.Described.Alerts;

/// <summary>What a tenant was told.</summary>
public sealed class Alert
{
    /// <summary>The delivery's, too.</summary>
    public required string Id { get; init; }

    /// <summary>Of what.</summary>
    [AllowedValues("threshold", "exceeded", "summary", "test")]
    public required string Kind { get; init; }

    /// <summary>Of which limit.</summary>
    public string Limit { get; init; } = "";

    /// <summary>Percent of the limit's number.</summary>
    [Range(1, 100)]
    public int Threshold { get; init; }

    /// <summary>Of a limit per key: the key's public name.</summary>
    public string Key { get; init; } = "";

    /// <summary>When it came to pass. UTC, ISO 8601.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What became of it.</summary>
    [AllowedValues("waiting", "delivered", "dead")]
    public required string State { get; init; }

    /// <summary>How often it was sent.</summary>
    [AtLeast(0)]
    public required int Attempts { get; init; }

    /// <summary>What went wrong at the last attempt.</summary>
    public string Error { get; init; } = "";
}

/// <summary>Alerts, the latest first.</summary>
public sealed class AlertPage
{
    /// <summary>The latest first.</summary>
    public required Alert[] Items { get; init; }

    /// <summary>The 'after' of the next page; left out where this is the last.</summary>
    public string Next { get; init; } = "";
}

/// <summary>A test that will be sent.</summary>
public sealed class TestAlert
{
    /// <summary>The alert's id.</summary>
    public required string Id { get; init; }
}
