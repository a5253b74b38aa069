using System.Collections.Immutable;
using Limiter.Domain.Tenants;

namespace Limiter.Domain.Alerts;

/// <summary>Of what a tenant is told, and where.</summary>
/// <param name="Tenant">Whose limits; <c>default</c> in the rule for all tenants that have none of their own.</param>
/// <param name="Thresholds">
/// Percent of a limit's number, rising, 1 to <see cref="Exceeding"/>, at most <see cref="ThresholdsMax"/>; the last of
/// them stands for a check that the limit denied. Empty: none.
/// </param>
/// <param name="Limits">The names of the limits that count, at most <see cref="LimitsMax"/>; empty for all.</param>
/// <param name="Summary">Whether each closed day is told.</param>
/// <param name="Webhook">Where alerts are posted to; null: to the operator's own log.</param>
/// <param name="SealedSecret">What they are signed with, sealed; empty without a webhook.</param>
public sealed record AlertRule(
    TenantId Tenant, ImmutableArray<int> Thresholds, ImmutableArray<string> Limits, bool Summary, Uri? Webhook,
    ImmutableArray<byte> SealedSecret)
{
    public const int ThresholdsMax = 10;
    public const int LimitsMax = 20;

    /// <summary>The threshold that a denial is.</summary>
    public const int Exceeding = 100;

    /// <summary>Longest address of a webhook, in characters.</summary>
    public const int WebhookLengthMax = 2_000;

    /// <summary>At 80 percent, and on exceeding.</summary>
    public static readonly ImmutableArray<int> ThresholdsDefault = [80, Exceeding];

    /// <summary>Tells nothing.</summary>
    public static readonly AlertRule None = new(default, [], [], false, null, []);

    public bool TellsExceeding => Thresholds is [.., Exceeding];

    /// <summary>The least threshold below <see cref="Exceeding"/>; null for none.</summary>
    public int? Lowest => Thresholds is [var first, ..] && first < Exceeding ? first : null;

    public bool Counts(string limit) => Limits.IsEmpty || Limits.Contains(limit);

    /// <summary>Whether two lists of thresholds or names, and everything else, are the same.</summary>
    public bool Equals(AlertRule? other) => other is not null && Tenant == other.Tenant && Summary == other.Summary
        && Webhook == other.Webhook && Thresholds.AsSpan().SequenceEqual(other.Thresholds.AsSpan())
        && Limits.AsSpan().SequenceEqual(other.Limits.AsSpan())
        && SealedSecret.AsSpan().SequenceEqual(other.SealedSecret.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Tenant, Summary, Webhook, Thresholds.Length, Limits.Length);
}
