using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Tables.Tests.Usage;

/// <summary>Usage to save, of one hour.</summary>
internal static class Sheets
{
    public static readonly UsagePeriod Hour = new(UsageGrain.Hour, new Instant(1_767_261_600_000));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An empty name is that of all anonymous callers.</summary>
    public static TenantId Tenant(string name) => TenantId.TryParse(name, out var tenant) || name.Length == 0
        ? tenant : throw new ArgumentException(name, nameof(name));

    public static IEnumerable<string> Tenants(int count) =>
        Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"tenant-{i}"));

    public static UsageSheet Of(long cost)
    {
        var sum = new UsageSum();
        sum.Add(UsageSubject.Of("k1", "read", "GET /things"), new UsageCounts(cost, 0, 0, 0, cost));
        return sum.ToSheet();
    }

    /// <summary>Of about 60 KiB.</summary>
    public static UsageSheet Large(long cost)
    {
        var sum = new UsageSum();
        for (var i = 0; i < UsageSheet.LinesMax; i++)
        {
            var start = i.ToString("d3", CultureInfo.InvariantCulture);
            var subject = UsageSubject.Of(
                start.PadRight(64, 'k'), start.PadRight(64, 'g'), start.PadRight(UsageSubject.TemplateLengthMax, '€'));
            sum.Add(subject, new UsageCounts(1, 0, 0, 0, i == 0 ? cost : 0));
        }
        return sum.ToSheet();
    }

    public static UsageRow Row(string tenant, Instant minute, UsageSheet sheet, ulong edge = 1) =>
        new(Tenant(tenant), minute, new UsageWriter(new EdgeId(edge), 1), sheet);

    public static UsageTotal Total(string tenant, long cost) => new(Tenant(tenant), Hour, Of(cost));

    /// <summary>What an hour's or a day's parts cost, by tenant.</summary>
    public static async Task<Dictionary<string, long>> CostsAsync(IUsageStore usage, UsagePeriod period)
    {
        var costs = new Dictionary<string, long>();
        string? after = null;
        do
        {
            var page = await usage.ListPartsAsync(period, after, IUsageStore.PageMax, Cancellation);
            foreach (var part in page.Items)
                costs[part.Tenant.Text] = costs.GetValueOrDefault(part.Tenant.Text) + part.Sheet.Total.Cost;
            after = page.Next;
        }
        while (after is not null);
        return costs;
    }

    public static async Task<StoredTotal> FindTotalAsync(IUsageStore usage, string tenant)
    {
        var page = await usage.ListTotalsAsync(
            Tenant(tenant), UsageGrain.Hour, Hour.Start, Hour.End, null, 2, Cancellation);
        return page.Items.ShouldHaveSingleItem();
    }
}
