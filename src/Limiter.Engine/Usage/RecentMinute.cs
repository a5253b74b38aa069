using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>One minute of all tenants. Written by one reader, then only read.</summary>
internal sealed class RecentMinute
{
    private readonly Dictionary<TenantId, (UsageLine Line, string Key, long KeyChecks)> _tenants = [];

    /// <summary>Anonymous callers, and tenants that found no place, included.</summary>
    public UsageCounts Total { get; private set; }

    public IEnumerable<KeyValuePair<TenantId, (UsageLine Line, string Key, long KeyChecks)>> Tenants => _tenants;

    public void Add(in UsagePart part)
    {
        if (part.Sheet.LinesBy(UsageSplit.None) is not [var line]) return;
        Total += line.Counts;
        if (part.Tenant == default) return;
        var known = _tenants.TryGetValue(part.Tenant, out var before);
        if (!known && _tenants.Count >= RecentUsage.TenantsMax) return;
        var (key, checks) = (before.Key ?? "", before.KeyChecks);
        foreach (var one in part.Sheet.Lines)
            if (one.Subject.Key.Length > 0 && one.Counts.Checks > checks)
                (key, checks) = (one.Subject.Key, one.Counts.Checks);
        _tenants[part.Tenant] = (known ? Sum(before.Line, line) : line, key, checks);
    }

    public long DeniedOf(TenantId tenant) => _tenants.TryGetValue(tenant, out var one) ? one.Line.Counts.Denied : 0;

    public static UsageLine Sum(params ReadOnlySpan<UsageLine> lines)
    {
        if (lines.Length == 1) return lines[0];
        var sum = new UsageSum();
        foreach (var line in lines) sum.Add(line);
        return sum.ToSheet().Lines[0];
    }
}
