using Limiter.Domain.Alerts;

namespace Limiter.Engine.Ports;

/// <summary>Brings alerts to where they are to go.</summary>
public interface IAlertCarrier
{
    /// <summary>One attempt, in bounded time.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="rule">The tenant's own rule as it is now; null when it has none.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <returns>
    /// Null when it arrived; otherwise why not, at most <see cref="Alert.ErrorLengthMax"/> characters, for the operator
    /// and the tenant to read.
    /// </returns>
    ValueTask<string?> DeliverAsync(Alert alert, AlertRule? rule, CancellationToken cancellation);
}
