using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Usage;

/// <summary>Usage to save, and whole lists of what was saved.</summary>
internal static class Counted
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An empty name is that of all anonymous callers.</summary>
    public static TenantId Tenant(string name) => TenantId.TryParse(name, out var tenant) || name.Length == 0
        ? tenant : throw new ArgumentException(name, nameof(name));

    public static UsageRow Row(
        string tenant, Instant time, ulong edge, long cost, string template = "GET /things", long number = 1,
        long revision = 1) => new(
        Tenant(tenant), UsagePeriod.Of(UsageGrain.Minute, time).Start, new UsageWriter(new EdgeId(edge), number),
        Sheet(cost, template), revision);

    public static UsageTotal Total(string tenant, UsagePeriod period, long cost) =>
        new(Tenant(tenant), period, Sheet(cost));

    public static DailyUsage Day(string tenant, UsagePeriod day, long cost) =>
        new(Tenant(tenant), day.Start, Sheet(cost), null);

    public static UsageSheet Sheet(long cost, string template = "GET /things")
    {
        var sum = new UsageSum();
        var subject = UsageSubject.Of("k1", "read", template);
        sum.Add(subject, new UsageCounts(cost, 2, 3, 1, cost));
        sum.AddDenied(subject, "minute", 2);
        return sum.ToSheet();
    }

    public static void ShouldBeAlike(UsageSheet sheet, UsageSheet expected) =>
        UsageCodec.Encode(sheet).ShouldBe(UsageCodec.Encode(expected));

    public static Task<List<UsageRow>> RowsAsync(
        IUsageStore usage, string tenant, Instant from, Instant until, int take = IUsageStore.PageMax) => AllAsync(
        take, after => usage.ListRowsAsync(Tenant(tenant), from, until, after, take, Cancellation));

    public static async Task<List<UsageTotal>> TotalsAsync(
        IUsageStore usage, string tenant, UsageGrain grain, Instant from, Instant until,
        int take = IUsageStore.PageMax)
    {
        var all = await AllAsync(
            take, after => usage.ListTotalsAsync(Tenant(tenant), grain, from, until, after, take, Cancellation));
        return all.ConvertAll(stored => stored.Total);
    }

    public static Task<List<UsagePart>> PartsAsync(
        IUsageStore usage, UsagePeriod period, int take = IUsageStore.PageMax) => AllAsync(
        take, after => usage.ListPartsAsync(period, after, take, Cancellation));

    public static Task<List<UsagePart>> MinutesAsync(IUsageStore usage, Instant from, Instant until, int take) =>
        AllAsync(take, after => usage.ListMinutesAsync(from, until, after, take, Cancellation));

    /// <summary>Where a list goes over from one value to another.</summary>
    public static IEnumerable<T> Runs<T>(IReadOnlyList<T> items) =>
        items.Where((item, i) => i == 0 || !EqualityComparer<T>.Default.Equals(item, items[i - 1]));

    private static async Task<List<T>> AllAsync<T>(int take, Func<string?, ValueTask<UsagePage<T>>> page)
    {
        var all = new List<T>();
        string? after = null;
        do
        {
            var next = await page(after);
            next.Items.Count.ShouldBeLessThanOrEqualTo(take);
            all.AddRange(next.Items);
            after = next.Next;
        }
        while (after is not null);
        return all;
    }
}
