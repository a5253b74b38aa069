using System.Collections.Concurrent;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Callers;

/// <summary>
/// Which tenants were changed on this edge, and when, so that nothing read before its tenant's change is taken for
/// current. Bounded: when there are too many, everything read before counts as out of date. Thread-safe.
/// </summary>
internal sealed class Changes
{
    private const int KeptMax = 65_536;

    private readonly ConcurrentDictionary<TenantId, long> _changed = new();
    private long _count;
    private long _floor;

    /// <summary>How many changes there have been: to be read before the directory is.</summary>
    public long Count => Volatile.Read(ref _count);

    public void Add(TenantId tenant)
    {
        if (_changed.Count >= KeptMax)
        {
            Volatile.Write(ref _floor, Interlocked.Increment(ref _count));
            _changed.Clear();
        }
        _changed[tenant] = Interlocked.Increment(ref _count);
    }

    /// <summary>Whether what was read at a count of changes still holds, as far as this edge knows.</summary>
    public bool IsCurrent(TenantId tenant, long readAt) =>
        readAt >= Volatile.Read(ref _floor)
        && (!_changed.TryGetValue(tenant, out var at) || readAt >= at);
}
