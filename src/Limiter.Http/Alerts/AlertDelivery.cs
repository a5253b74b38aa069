using Limiter.Domain.Alerts;
using Limiter.Engine.Alerts;
using Limiter.Engine.Ports;

namespace Limiter.Http.Alerts;

/// <summary>Brings an alert to its tenant's webhook, or without one to the operator's log.</summary>
internal sealed class AlertDelivery(Webhooks hooks, IAlertLines lines, SecretSeal seal) : IAlertCarrier
{
    public async ValueTask<string?> DeliverAsync(Alert alert, AlertRule? rule, CancellationToken cancellation)
    {
        if (rule?.Webhook is { } target)
            return seal.Open(alert.Tenant, rule.SealedSecret) is { } secret
                ? await hooks.PostAsync(target, secret, alert, cancellation).ConfigureAwait(false)
                : "the secret cannot be read: it was sealed by another store; save the webhook with a new one";
        try
        {
            await lines.WriteAsync(alert.Body.AsMemory(), cancellation).ConfigureAwait(false);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "the log of alerts cannot be written";
        }
    }
}
