using Limiter.Domain.Escrow;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Leases;

// One request to the bucket, in bounded time.
internal sealed partial class LeaseHolder
{
    private async ValueTask<ReserveReply?> SendAsync(ReserveRequest request)
    {
        var began = edge.WaitClock.GetTimestamp();
        try
        {
            var asked = edge.Buckets.ReserveAsync(Bucket, request, CancellationToken.None);
            var reply = asked.IsCompletedSuccessfully
                ? asked.Result
                : await asked.AsTask().WaitAsync(edge.Options.WaitLimit, edge.WaitClock).ConfigureAwait(false);
            edge.Outage.Succeeded();
            return reply;
        }
#pragma warning disable CA1031 // Whatever went wrong, the waiting requests need an answer, and the policy has one.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // One bucket that fails says nothing of the others.
            if (failure is BucketFailedException) edge.Outage.Succeeded();
            else if (failure is BucketsUnavailableException or TimeoutException) edge.Outage.Failed();
            edge.OnFailure(failure);
            return null;
        }
        finally
        {
            edge.Timings.Reserves?.Record(edge.WaitClock.GetElapsedTime(began).TotalSeconds);
        }
    }
}
