using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Bounds = Limiter.Domain.Alerts.AlertRule;

namespace Limiter.Described.Alerts;

/// <summary>Of what a tenant is told, and where.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class AlertRule
{
    /// <summary>Percent of a limit's number; 100 stands for exceeded. Default 80 and 100.</summary>
    [MaxLength(Bounds.ThresholdsMax), Range(1, Bounds.Exceeding)]
    public HashSet<int> Thresholds { get; init; } = [];

    /// <summary>The limits that count; none: all.</summary>
    [MaxLength(Bounds.LimitsMax)]
    public HashSet<string> Limits { get; init; } = [];

    /// <summary>Whether each closed day is told. Default true.</summary>
    public bool Summary { get; init; }

    /// <summary>Where alerts are posted to; without one they are in the operator's log.</summary>
    [MaxLength(Bounds.WebhookLengthMax)]
    public Uri Webhook { get; init; } = null!;

    /// <summary>What deliveries are signed with; without one it is minted.</summary>
    [StringLength(256, MinimumLength = 16)]
    public string Secret { get; init; } = "";
}

/// <summary>The rule by which a tenant is told.</summary>
public sealed class AlertRuleInForce
{
    /// <summary>Who is told.</summary>
    public required string Tenant { get; init; }

    /// <summary>Whether it is the tenant's own; false: the one for all.</summary>
    public required bool Own { get; init; }

    /// <summary>Percent of a limit's number; 100 stands for exceeded.</summary>
    public required HashSet<int> Thresholds { get; init; }

    /// <summary>The limits that count; left out: all.</summary>
    public HashSet<string> Limits { get; init; } = [];

    /// <summary>Whether each closed day is told.</summary>
    public required bool Summary { get; init; }

    /// <summary>Where alerts are posted to.</summary>
    public Uri Webhook { get; init; } = null!;

    /// <summary>Only where it was minted just now.</summary>
    public string Secret { get; init; } = "";
}
