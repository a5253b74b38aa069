using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Edges;

/// <summary>
/// What was answered, by tenant and window as the answers' own reset names it, compared with the limit. Thread-safe.
/// </summary>
/// <param name="numberOf">A tenant's number.</param>
internal sealed class Admissions(Func<int, long> numberOf)
{
    private readonly ConcurrentDictionary<(int Tenant, long Window), Count> _counts = new();
    private readonly ConcurrentDictionary<int, long> _others = new();

    /// <summary>Answers that were neither an admission nor a 429, by status.</summary>
    public IReadOnlyDictionary<int, long> Others => _others;

    public long Other => _others.Values.Sum();

    public long Admitted => _counts.Values.Sum(count => count.Admitted);

    public long Denied => _counts.Values.Sum(count => count.Denied);

    public void Add(int tenant, HttpResponse answer)
    {
        var window = answer.Headers["X-RateLimit-Reset"].ToString();
        if (answer.StatusCode is not (200 or 429) || window.Length == 0)
        {
            _others.AddOrUpdate(answer.StatusCode, 1, static (_, count) => count + 1);
            return;
        }
        var count = _counts.GetOrAdd(
            (tenant, long.Parse(window, CultureInfo.InvariantCulture)), static _ => new Count());
        if (answer.StatusCode == 200) Interlocked.Increment(ref count.Admitted);
        else Interlocked.Increment(ref count.Denied);
    }

    /// <exception cref="InvalidOperationException">More was admitted in a window than the tenant's number.</exception>
    public void VerifyNeverOver()
    {
        foreach (var ((tenant, window), count) in _counts)
            if (count.Admitted > numberOf(tenant))
                throw new InvalidOperationException(
                    $"Tenant {tenant} had {count.Admitted} of {numberOf(tenant)} in the window that ends at {window}.");
    }

    /// <summary>
    /// Percent of what was asked that was denied in a window which ended with something left: an ideal central limiter
    /// would have admitted it.
    /// </summary>
    /// <param name="until">Unix seconds: later windows are not over yet.</param>
    public double DeniedEarlyPercent(long until)
    {
        var (early, asked) = (0L, 0L);
        foreach (var ((tenant, window), count) in _counts)
        {
            if (window > until) continue;
            early += Math.Min(count.Denied, numberOf(tenant) - count.Admitted);
            asked += count.Admitted + count.Denied;
        }
        return 100.0 * early / Math.Max(1, asked);
    }

    private sealed class Count
    {
        public long Admitted;
        public long Denied;
    }
}
