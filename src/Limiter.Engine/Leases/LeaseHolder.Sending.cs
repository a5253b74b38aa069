using Limiter.Domain.Escrow;

namespace Limiter.Engine.Leases;

// One request to the bucket, in bounded time.
internal sealed partial class LeaseHolder
{
    private async ValueTask<ReserveReply?> SendAsync(ReserveRequest request)
    {
        var began = edge.WaitClock.GetTimestamp();
        try
        {
            return await edge.AskAsync(
                () => edge.Buckets.ReserveAsync(Bucket, request, CancellationToken.None),
                // Without a lease the tokens are spent at once: those of a late copy would not come back.
                mayResend: request.LifetimeMs > 0 && !SpendsAtOnce).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever went wrong, the waiting requests need an answer, and the policy has one.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            edge.OnFailure(failure);
            return null;
        }
        finally
        {
            edge.Timings.Reserves?.Record(edge.WaitClock.GetElapsedTime(began).TotalSeconds);
        }
    }
}
