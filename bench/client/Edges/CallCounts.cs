using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Edges;

/// <summary>What all edges of a measurement ask the limiter. Thread-safe.</summary>
internal sealed class CallCounts
{
    private ConcurrentBag<double> _leaseMs = [];
    private long _calls;
    private long _leaseCalls;
    private long _vectors;
    private long _failed;

    /// <summary>All calls: for leases, identities, the policy and what was counted.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    public long LeaseCalls => Interlocked.Read(ref _leaseCalls);

    /// <summary>Requests to a bucket, several in a call for leases: each reserves and settles.</summary>
    public long Vectors => Interlocked.Read(ref _vectors);

    /// <summary>Calls that had no answer or one of 400 or more.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    public HttpMessageHandler NewHandler() => new Counting(this, new SocketsHttpHandler { UseProxy = false });

    public void Clear()
    {
        (_calls, _leaseCalls, _vectors, _failed) = (0, 0, 0, 0);
        _leaseMs = [];
    }

    /// <summary>The time of a call for leases that so many percent of them do not exceed, in ms.</summary>
    public double LeaseMs(int percent)
    {
        var times = _leaseMs.Order().ToArray();
        return times.Length == 0 ? 0 : times[Math.Min(times.Length - 1, times.Length * percent / 100)];
    }

    private sealed class Counting(CallCounts counts, HttpMessageHandler way) : DelegatingHandler(way)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref counts._calls);
            var isLease = request.RequestUri!.AbsolutePath.EndsWith("/leases", StringComparison.Ordinal);
            if (isLease) await CountAsync(request, cancellationToken);
            var began = Stopwatch.GetTimestamp();
            var isAnswered = false;
            try
            {
                var answer = await base.SendAsync(request, cancellationToken);
                isAnswered = (int)answer.StatusCode < 400;
                return answer;
            }
            finally
            {
                if (isLease) counts._leaseMs.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (!isAnswered) Interlocked.Increment(ref counts._failed);
            }
        }

        private async Task CountAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            Interlocked.Increment(ref counts._leaseCalls);
            using var body = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellation));
            var reserves = body.RootElement.GetProperty("reserves"u8);
            Interlocked.Add(ref counts._vectors, reserves.GetPropertyCount());
        }
    }
}
