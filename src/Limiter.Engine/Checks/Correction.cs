using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Checks;

/// <summary>Corrects in one bucket what a request cost there.</summary>
internal static class Correction
{
    /// <param name="edge">This edge.</param>
    /// <param name="touch">The bucket, and what the request was charged there.</param>
    /// <param name="id">By which a repetition is known.</param>
    /// <param name="spentAt">The bucket's time of the spending, or an earlier one.</param>
    /// <param name="trueCost">Tokens that should have been charged.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Null: another policy came into force meanwhile.</returns>
    /// <exception cref="BucketsUnavailableException">There was no answer; a repetition is safe.</exception>
    public static async ValueTask<ChargeOutcome?> ApplyAsync(
        Edge edge, Touch touch, ulong id, Instant spentAt, long trueCost, CancellationToken cancellation)
    {
        // The bucket hears of the spending first: a refund needs to know that it was one.
        var told = await touch.Holder
            .WaitAsync(touch.Demand with { Cost = 0 }, new Decision(), false, edge.Now()).ConfigureAwait(false);
        if (told == WaitOutcome.Outdated) return null;
        var request = new ChargeRequest(
            id, spentAt, touch.Demand.Cost, trueCost, Buckets.LimitsOf(touch.Demand), touch.Demand.Terms);
        try
        {
            var charging = edge.Buckets.ChargeAsync(touch.Holder.Bucket, request, cancellation);
            return charging.IsCompletedSuccessfully
                ? charging.Result
                : await charging.AsTask().WaitAsync(edge.Options.WaitLimit, edge.WaitClock, cancellation)
                    .ConfigureAwait(false);
        }
        catch (TimeoutException failure)
        {
            throw new BucketsUnavailableException($"Bucket {touch.Holder.Bucket} did not answer a charge.", failure);
        }
        finally
        {
            // Also when the answer was lost: the bucket's numbers may have changed.
            touch.Holder.Recall();
        }
    }
}
