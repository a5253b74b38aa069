namespace Limiter.Server.Commands.WhatIf;

/// <summary>The results of all tenants; of those that would be limited, the most limited.</summary>
internal sealed class ReplaySum(int shownMax)
{
    private readonly PriorityQueue<TenantReplay, (long Denied, string Name)> _worst =
        new(Comparer<(long Denied, string Name)>.Create((left, right) => left.Denied != right.Denied
            ? left.Denied.CompareTo(right.Denied)
            // Of equals the first by name is kept.
            : string.CompareOrdinal(right.Name, left.Name)));

    /// <summary>Tenants that used anything.</summary>
    public long Tenants { get; private set; }

    public long Checks { get; private set; }

    /// <summary>Checks that would have been denied.</summary>
    public long Denied { get; private set; }

    /// <summary>Checks that were denied in fact.</summary>
    public long DeniedThen { get; private set; }

    /// <summary>Tenants of which a check would have been denied.</summary>
    public long Limited { get; private set; }

    /// <summary>Tenants of which more checks would have been denied than were.</summary>
    public long NewlyLimited { get; private set; }

    public void Add(TenantReplay tenant)
    {
        if (tenant.Checks == 0) return;
        (Tenants, Checks) = (Tenants + 1, Checks + tenant.Checks);
        (Denied, DeniedThen) = (Denied + tenant.Denied, DeniedThen + tenant.DeniedThen);
        if (tenant.IsNewlyLimited) NewlyLimited++;
        if (tenant.Denied == 0 && !tenant.LosesPlan) return;
        Limited++;
        // Losing the plan is the worst that can come.
        var rank = tenant.LosesPlan ? long.MaxValue : tenant.Denied;
        _worst.Enqueue(tenant, (rank, tenant.Tenant.Id.Text));
        if (_worst.Count > shownMax) _worst.Dequeue();
    }

    /// <summary>The most limited first.</summary>
    public IEnumerable<TenantReplay> Worst => _worst.UnorderedItems
        .OrderByDescending(entry => entry.Priority.Denied)
        .ThenBy(entry => entry.Priority.Name, StringComparer.Ordinal)
        .Select(entry => entry.Element);
}
