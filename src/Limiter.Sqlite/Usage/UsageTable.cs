using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Usage;

/// <summary>
/// Rows or totals of one grain. They stand by their whole (the period of the coarser grain that they are part of), then
/// by tenant and time: the parts of a whole are one range, and so is what one tenant has in a whole.
/// </summary>
internal abstract class UsageTable<T>(UsageGrain grain)
{
    /// <summary>
    /// Most wholes that one page looks at: a month of hours. A tenant with little among others with much gets short
    /// pages, even empty ones, but none takes long.
    /// </summary>
    public const int WholesMax = 31 * 24;

    protected UsageGrain Grain { get; } = grain;

    /// <summary>The first whole, not before a time, of which anything is stored; null for none.</summary>
    public abstract Instant? First(Database database, Instant from);

    /// <exception cref="FormatException">A row is damaged.</exception>
    public UsagePage<T> List(Database database, UsageCursor after, Instant until, int take)
    {
        var items = new List<T>();
        var next = First(database, WholeOf(after.Start));
        for (var seen = 0; next is { } whole && whole < until; seen++)
        {
            if (seen == WholesMax) return new UsagePage<T>(items, UsageCursor.At(after.Tenant, whole).Encode());
            after = Read(database, whole, after, until, take - items.Count, items);
            if (items.Count == take) return new UsagePage<T>(items, after.Encode());
            next = First(database, whole + 1);
        }
        return new UsagePage<T>(items, null);
    }

    public UsagePage<UsagePart> Parts(Database database, Instant whole, UsageCursor after, int take)
    {
        var parts = new List<UsagePart>();
        after = Read(database, whole, after, take, parts);
        return new UsagePage<UsagePart>(parts, parts.Count < take ? null : after.Encode());
    }

    /// <summary>Months are parts of nothing that is kept: all of them stand in one whole.</summary>
    protected Instant WholeOf(Instant start) =>
        Grain == UsageGrain.Month ? default : UsagePeriod.Of(Grain + 1, start).Start;

    /// <summary>Adds what the cursor's tenant has in a whole, and returns where that ended.</summary>
    protected abstract UsageCursor Read(
        Database database, Instant whole, UsageCursor after, Instant until, int take, List<T> items);

    /// <summary>Adds a whole's parts of all tenants, and returns where that ended.</summary>
    protected abstract UsageCursor Read(
        Database database, Instant whole, UsageCursor after, int take, List<UsagePart> parts);

    /// <summary>A part of any tenant; one that cannot be read says so, and does not stand in the others' way.</summary>
    protected static UsagePart PartOf(ReadOnlySpan<byte> bytes, UsageCursor row, UsageGrain grain)
    {
        try
        {
            return new UsagePart(row.Tenant, SheetOf(bytes, row, grain)) { Start = row.Start };
        }
        catch (FormatException damage)
        {
            return new UsagePart(row.Tenant, UsageSheet.Empty, damage);
        }
    }

    /// <exception cref="FormatException">It is none.</exception>
    protected static TenantId TenantOf(string text) => TenantId.TryParse(text, out var tenant) || text.Length == 0
        ? tenant : throw new FormatException($"the usage of the tenant {text} has no valid name");

    /// <exception cref="FormatException">The bytes are damaged, or of a newer format.</exception>
    protected static UsageSheet SheetOf(ReadOnlySpan<byte> bytes, UsageCursor row, UsageGrain grain)
    {
        try
        {
            return UsageCodec.Decode(bytes);
        }
        catch (FormatException exception)
        {
            throw new FormatException(
                FormattableString.Invariant($"the {grain} {row.Start.UnixMilliseconds} of the usage of the tenant ")
                + FormattableString.Invariant($"'{row.Tenant}' (edge {row.Edge}, number {row.Number}) cannot be read: ")
                + exception.Message,
                exception);
        }
    }
}
