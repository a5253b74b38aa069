using System.Collections.Concurrent;

namespace Limiter.Http.Checks;

/// <summary>The pool of answers to checks, so that a check in flight needs no new buffers.</summary>
/// <param name="checkIds">Signs the ids of admissions.</param>
public sealed class CheckResults(CheckIds checkIds)
{
    /// <summary>About the most answers kept while none is in use.</summary>
    private const int KeptMax = 256;

    private readonly ConcurrentQueue<CheckResult> _free = [];
    private CheckResult? _next;
    private int _count;

    internal CheckIds CheckIds => checkIds;

    /// <summary>An empty answer.</summary>
    internal CheckResult Rent()
    {
        if (Interlocked.Exchange(ref _next, null) is { } next) return next;
        if (!_free.TryDequeue(out var free)) return new CheckResult(this);
        Interlocked.Decrement(ref _count);
        return free;
    }

    internal void Return(CheckResult result)
    {
        if (!result.IsKept) return;
        result.Clear();
        if (Interlocked.CompareExchange(ref _next, result, null) is null) return;
        if (Volatile.Read(ref _count) >= KeptMax) return;
        Interlocked.Increment(ref _count);
        _free.Enqueue(result);
    }
}
