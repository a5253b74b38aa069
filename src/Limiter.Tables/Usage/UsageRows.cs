using System.Globalization;
using Azure.Data.Tables;
using Limiter.Domain.Escrow;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Usage;

/// <summary>Rows and totals as entities. The keys say whose and when; the properties only how much.</summary>
internal static class UsageRows
{
    private const string SheetName = "Sheet";
    private const string ChargedName = "Charged";
    private const string RevisionName = "Revision";
    private const char WriterSeparator = '-';

    public static TableEntity Write(UsageRow row)
    {
        var keys = UsageKeys.Of(UsageGrain.Minute);
        var entity = Entity(
            keys.Partition(row.Tenant, row.Minute), keys.Row(row.Tenant, row.Minute, row.Writer.Encode()), row.Sheet);
        // By which the service finds a minute's rows of all tenants.
        entity[StoredTable.MinuteName] = row.Minute.UnixMilliseconds;
        entity[RevisionName] = row.Revision;
        return entity;
    }

    public static TableEntity Write(UsageTotal total)
    {
        var (keys, start) = (UsageKeys.Of(total.Period.Grain), total.Period.Start);
        var entity = Entity(keys.Partition(total.Tenant, start), keys.Row(total.Tenant, start), total.Sheet);
        if (total is DailyUsage { Charged: { } charged }) entity[ChargedName] = charged;
        return entity;
    }

    public static UsageRow ReadRow(TableEntity entity) => Damage.Guard(entity, static entity =>
    {
        var place = UsageKeys.Of(UsageGrain.Minute).Read(entity);
        return new UsageRow(place.Tenant, place.Start, ReadWriter(place.Writer), ReadSheet(entity), RevisionOf(entity));
    });

    public static StoredTotal ReadTotal(UsageGrain grain, TableEntity entity) => Damage.Guard(entity, entity =>
    {
        var place = UsageKeys.Of(grain).Read(entity);
        var sheet = ReadSheet(entity);
        var total = grain == UsageGrain.Day
            ? new DailyUsage(place.Tenant, place.Start, sheet, entity.GetInt64(ChargedName))
            : new UsageTotal(place.Tenant, new UsagePeriod(grain, place.Start), sheet);
        return new StoredTotal(total, entity.ETag.ToString());
    });

    /// <summary>A row's revision; 0 of one without, or with what is none: any other takes its place.</summary>
    public static long RevisionOf(TableEntity row) =>
        row.TryGetValue(RevisionName, out var value) && value is long revision ? revision : 0;

    /// <summary>One that cannot be read says so, and does not stand in the others' way.</summary>
    /// <param name="grain">Of the row or total.</param>
    public static UsagePart ReadPart(UsageGrain grain, TableEntity entity)
    {
        TenantId tenant = default;
        try
        {
            return Damage.Guard(entity, entity =>
            {
                var place = UsageKeys.Of(grain).Read(entity);
                tenant = place.Tenant;
                return new UsagePart(tenant, ReadSheet(entity)) { Start = place.Start };
            });
        }
        catch (RecordFailedException damage)
        {
            return new UsagePart(tenant, UsageSheet.Empty, damage);
        }
    }

    private static TableEntity Entity(string partition, string row, UsageSheet sheet) =>
        new(partition, row) { [SheetName] = UsageCodec.Encode(sheet) };

    private static UsageSheet ReadSheet(TableEntity entity) => UsageCodec.Decode(entity.Bytes(SheetName));

    private static UsageWriter ReadWriter(string text)
    {
        var hyphen = text.IndexOf(WriterSeparator, StringComparison.Ordinal);
        return hyphen > 0
            && ulong.TryParse(text.AsSpan(0, hyphen), NumberStyles.AllowHexSpecifier, null, out var edge)
            && long.TryParse(text.AsSpan(hyphen + 1), NumberStyles.AllowHexSpecifier, null, out var number)
                ? new UsageWriter(new EdgeId(edge), number)
                : throw new FormatException("the writer's name cannot be read");
    }
}
