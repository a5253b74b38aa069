using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Alerts;

/// <summary>A threshold that was found to be crossed, to be told behind the answers.</summary>
/// <param name="Key">Empty for a limit of the tenant.</param>
/// <param name="Resets">
/// Whether the limit starts anew with the window; otherwise the window before counts as well.
/// </param>
internal sealed record Crossing(
    TenantId Tenant, string Plan, string Key, string Limit, int Threshold, long Number, long Remaining,
    AlarmWindow Window, bool Resets, Instant At)
{
    public AlertKind Kind => Threshold == AlertRule.Exceeding ? AlertKind.Exceeded : AlertKind.Threshold;

    public string Id => IdIn(Window.Start);

    /// <summary>The id that the same crossing had in the window before.</summary>
    public string IdBefore => IdIn(Window.Start + -Window.LengthMs);

    public Alert ToAlert() => new(Tenant, Id, Kind, At, AlertBody.Of(this))
    {
        Limit = Limit,
        Threshold = Kind == AlertKind.Threshold ? Threshold : null,
        Key = Key.Length > 0 ? Key : null,
    };

    private string IdIn(Instant windowStart) => AlertId.Of(Tenant, Key, Limit, windowStart, Kind, Threshold);
}
