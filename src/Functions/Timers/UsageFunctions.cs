using Limiter.Functions.Entities;
using Limiter.Functions.Startup;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Limiter.Functions.Timers;

/// <summary>Sums usage up. Late, twice, or on several instances comes to the same.</summary>
public sealed class UsageFunctions(EdgeProcess edge, EntityClients clients, ILogger<UsageFunctions> logger)
{
    /// <summary>Each minute: hours that are over, and those of which rows came late.</summary>
    [Function("rollup")]
    public async Task RollAsync(
        [TimerTrigger("30 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        // A late hour of a closed day asks its bucket again.
        clients.Keep(client);
        var hours = await edge.Roller.RollAsync(cancellation).ConfigureAwait(false);
        if (hours > 0) Log.Rolled(logger, hours);
    }

    /// <summary>
    /// Closes days that are over, once their last leases have been settled. Windows roll by themselves at 00:00 UTC, so
    /// this only reports; the next run makes up for one that was missed or cut short.
    /// </summary>
    [Function("closedays")]
    public async Task CloseDaysAsync(
        [TimerTrigger("30 3-59/10 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        clients.Keep(client);
        var days = await edge.Roller.CloseDaysAsync(cancellation).ConfigureAwait(false);
        if (days > 0) Log.Closed(logger, days);
    }

    /// <summary>Each hour: deletes what was kept for long enough; the next run goes on where this one ended.</summary>
    [Function("retention")]
    public async Task DeleteAsync(
        [TimerTrigger("45 37 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        var deleted = await edge.Retention.RunAsync(cancellation).ConfigureAwait(false);
        if (deleted > 0) Log.Deleted(logger, deleted);
    }
}
