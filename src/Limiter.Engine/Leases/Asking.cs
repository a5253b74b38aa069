using Limiter.Engine.Ports;

namespace Limiter.Engine.Leases;

/// <summary>
/// Puts a question to a bucket, waits for a bounded time, and notes whether the buckets are out of reach.
/// </summary>
internal static class Asking
{
    /// <param name="edge">Who asks.</param>
    /// <param name="send">Sends the question; each time the same one.</param>
    /// <param name="mayResend">
    /// Whether it is sent once more when it has no answer while all is well: at once where it failed, after half the
    /// wait where nothing came. A write that failed or a message that was lost is no outage, in which all buckets would
    /// be left alone for a while.
    /// </param>
    /// <exception cref="BucketsUnavailableException">The bucket could not be asked.</exception>
    /// <exception cref="TimeoutException">It did not answer within <see cref="LeaseOptions.WaitLimit"/>.</exception>
    public static async ValueTask<T> AskAsync<T>(this Edge edge, Func<ValueTask<T>> send, bool mayResend)
    {
        try
        {
            var asked = send();
            var answer = asked.IsCompletedSuccessfully
                ? asked.Result
                : await WaitAsync(edge, asked.AsTask(), send, mayResend && !edge.Outage.IsKnown).ConfigureAwait(false);
            edge.Outage.Succeeded();
            return answer;
        }
        catch (Exception failure) when (failure is BucketsUnavailableException or TimeoutException)
        {
            // One bucket that fails says nothing of the others.
            if (failure is BucketFailedException) edge.Outage.Succeeded();
            else edge.Outage.Failed();
            throw;
        }
    }

    private static Task<T> WaitAsync<T>(Edge edge, Task<T> first, Func<ValueTask<T>> send, bool mayResend) =>
        (mayResend ? ResendingAsync(edge, first, send) : first).WaitAsync(edge.Options.WaitLimit, edge.WaitClock);

    private static async Task<T> ResendingAsync<T>(Edge edge, Task<T> first, Func<ValueTask<T>> send)
    {
        var began = edge.WaitClock.GetTimestamp();
        BucketsUnavailableException? failed = null;
        try
        {
            return await first.WaitAsync(edge.Options.WaitLimit / 2, edge.WaitClock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
        catch (BucketsUnavailableException failure) when (failure is not BucketFailedException)
        {
            failed = failure;
        }
        // Nobody waits any more.
        if (edge.WaitClock.GetElapsedTime(began) >= edge.Options.WaitLimit) return await first.ConfigureAwait(false);
        var second = send().AsTask();
        if (failed is null) return await EitherAsync(first, second).ConfigureAwait(false);
        var answer = await second.ConfigureAwait(false);
        edge.OnFailure(failed);
        return answer;
    }

    // The first that answers; a failure only when the other one fails too.
    private static async Task<T> EitherAsync<T>(Task<T> first, Task<T> second)
    {
        var ended = await Task.WhenAny(first, second).ConfigureAwait(false);
        return await (ended.IsCompletedSuccessfully ? ended : ended == first ? second : first).ConfigureAwait(false);
    }
}
