using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Limiter.Engine.InMemory;

/// <summary>
/// Where a row or a total stands: in the period of the coarser grain that it is part of, then by tenant, time and
/// writer.
/// </summary>
internal readonly record struct UsagePlace(Instant Whole, TenantId Tenant, Instant Start, string Writer)
    : IComparable<UsagePlace>
{
    private const char Separator = '!';

    // Sorts after every writer.
    private const string AfterAll = "~";

    /// <summary>Months are parts of nothing that is kept.</summary>
    public static UsagePlace Of(TenantId tenant, UsagePeriod period, string writer) => new(
        WholeOf(period.Grain, period.Start), tenant, period.Start, writer);

    public static Instant WholeOf(UsageGrain grain, Instant time) =>
        grain == UsageGrain.Month ? default : UsagePeriod.Of(grain + 1, time).Start;

    public static UsagePlace FirstOf(Instant whole) => new(whole, default, Instant.MinValue, "");

    public static UsagePlace FirstOf(Instant whole, TenantId tenant, Instant from) => new(whole, tenant, from, "");

    /// <summary>After everything of a tenant's whole that starts before a time.</summary>
    public static UsagePlace EndOf(Instant whole, TenantId tenant, Instant until) =>
        new(whole, tenant, until + -1, AfterAll);

    /// <summary>Right after this place.</summary>
    public UsagePlace Next() => this with { Writer = Writer + '\0' };

    public string ToCursor() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Whole.UnixMilliseconds}{Separator}{Tenant.Text}{Separator}{Start.UnixMilliseconds}{Separator}{Writer}");

    public static UsagePlace Parse(string cursor)
    {
        var parts = cursor.Split(Separator);
        _ = TenantId.TryParse(parts[1], out var tenant);
        return new UsagePlace(InstantOf(parts[0]), tenant, InstantOf(parts[2]), parts[3]);
    }

    public int CompareTo(UsagePlace other)
    {
        var order = Whole.CompareTo(other.Whole);
        if (order == 0) order = string.CompareOrdinal(Tenant.Text, other.Tenant.Text);
        if (order == 0) order = Start.CompareTo(other.Start);
        return order != 0 ? order : string.CompareOrdinal(Writer, other.Writer);
    }

    private static Instant InstantOf(string text) => new(long.Parse(text, CultureInfo.InvariantCulture));
}
