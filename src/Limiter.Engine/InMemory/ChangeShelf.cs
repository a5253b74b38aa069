using Limiter.Domain;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.InMemory;

/// <summary>What was changed of each tenant, the oldest first. Not thread-safe.</summary>
internal sealed class ChangeShelf
{
    private readonly Dictionary<TenantId, Queue<ChangeRecord>> _byTenant = [];

    private const int AllMax = 1_000_000;

    // In the order of their coming, so that those of tenants that never change again leave as well.
    private readonly Queue<(TenantId Tenant, Instant At)> _all = new();
    private long _number;

    public void Add(ChangeRecord? change)
    {
        if (change is null) return;
        var end = change.At + -ChangeRecord.KeptMs;
        while (_all.TryPeek(out var oldest) && (oldest.At < end || _all.Count >= AllMax)) DropOldest();
        if (!_byTenant.TryGetValue(change.Tenant, out var changes)) _byTenant[change.Tenant] = changes = new();
        if (changes.Count == ChangeRecord.KeptMax) changes.Dequeue();
        changes.Enqueue(change with { Number = ++_number });
        _all.Enqueue((change.Tenant, change.At));
    }

    public IReadOnlyList<ChangeRecord> Page(TenantId tenant, long? before, Instant since, int take) =>
        _byTenant.TryGetValue(tenant, out var changes)
            ? [.. changes.Reverse().Where(one => (before is null || one.Number < before) && one.At >= since).Take(take)]
            : [];

    private void DropOldest()
    {
        var (tenant, at) = _all.Dequeue();
        if (!_byTenant.TryGetValue(tenant, out var changes)) return;
        while (changes.TryPeek(out var change) && change.At <= at) changes.Dequeue();
        if (changes.Count == 0) _byTenant.Remove(tenant);
    }
}
