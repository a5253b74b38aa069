using Limiter.Functions.Startup;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Limiter.Functions.Timers;

/// <summary>
/// Sends alerts. Late, twice, or on several instances comes to the same for a receiver that keeps ids.
/// </summary>
public sealed class AlertFunctions(EdgeProcess edge, ILogger<AlertFunctions> logger)
{
    /// <summary>Four times a minute: what is due in the outbox.</summary>
    [Function("alerts")]
    public async Task SendAsync([TimerTrigger("*/15 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var arrived = await edge.Alerting.SendAsync(cancellation).ConfigureAwait(false);
        if (arrived > 0) Log.Delivered(logger, arrived);
    }

    /// <summary>After the closing of days: their summaries; the next run makes up for one that was missed.</summary>
    [Function("summaries")]
    public async Task SummariseAsync(
        [TimerTrigger("30 5-59/10 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var added = await edge.Alerting.SummariseAsync(cancellation).ConfigureAwait(false);
        if (added > 0) Log.Summarised(logger, added);
    }
}
