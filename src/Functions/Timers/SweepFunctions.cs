using Limiter.Engine.Ports;
using Limiter.Functions.Entities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Limiter.Functions.Timers;

/// <summary>Deletes the entities of buckets that nothing is left to remember of. Late, or twice, is harmless.</summary>
public sealed class SweepFunctions(DurableBuckets buckets, EntityClients clients, ILogger<SweepFunctions> logger)
{
    /// <summary>Buckets of one look.</summary>
    public const int Take = 1_000;

    /// <summary>Most looks of one run; the next run goes on where this one ended.</summary>
    public const int LooksMax = 20;

    /// <summary>Each hour: deletes buckets at rest.</summary>
    [Function("sweep")]
    public async Task SweepAsync(
        [TimerTrigger("0 7 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        clients.Keep(client);
        var (seen, deleted, looks) = (0, 0, 0);
        SweepResult result;
        do
        {
            result = await buckets.SweepAsync(Take, cancellation).ConfigureAwait(false);
            (seen, deleted) = (seen + result.Seen, deleted + result.Deleted);
        }
        while (!result.Ended && ++looks < LooksMax);
        Log.Swept(logger, seen, deleted);
    }

    /// <summary>Each night: removes what deleted entities left behind.</summary>
    [Function("clean")]
    public Task CleanAsync(
        [TimerTrigger("0 23 3 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        clients.Keep(client);
        return buckets.CleanAsync(cancellation);
    }
}
