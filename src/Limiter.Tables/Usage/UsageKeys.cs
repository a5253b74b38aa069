using System.Globalization;
using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Usage;

/// <summary>
/// The keys of one grain's rows. A partition is the period of the coarser grain and a shard, so that one transaction
/// carries the rows of many tenants, and what a period is summed up from is one range of partitions:
/// <c>minute!2026013123!0a</c> / <c>tenant!59!writer</c>, <c>hour!20260131!0a</c> / <c>tenant!23</c>,
/// <c>day!202601!0a</c> / <c>tenant!31</c>, <c>month!0a</c> / <c>tenant!202601</c>.
/// </summary>
internal sealed class UsageKeys
{
    /// <summary>Keys are made of times before this one.</summary>
    public static readonly Instant TimeEnd = Instant.From(new DateTimeOffset(9999, 12, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly UsageKeys[] All =
    [
        new(UsageGrain.Minute, "minute", "yyyyMMddHH", "mm"), new(UsageGrain.Hour, "hour", "yyyyMMdd", "HH"),
        new(UsageGrain.Day, "day", "yyyyMM", "dd"), new(UsageGrain.Month, "month", "", "yyyyMM"),
    ];

    private readonly string _wholeFormat;
    private readonly string _partFormat;

    private UsageKeys(UsageGrain grain, string kind, string wholeFormat, string partFormat) =>
        (Grain, Kind, _wholeFormat, _partFormat) = (grain, kind, wholeFormat, partFormat);

    public UsageGrain Grain { get; }

    public string Kind { get; }

    // Months are parts of nothing that is kept.
    private bool HasWhole => _wholeFormat.Length > 0;

    public static UsageKeys Of(UsageGrain grain) => All[(int)grain];

    /// <summary>The start of the coarser period that a time is in; of months the same for all times.</summary>
    public Instant WholeOf(Instant time) => HasWhole ? UsagePeriod.Of(Grain + 1, time).Start : Instant.MinValue;

    /// <summary>The first moment after such a period; of months <see cref="TimeEnd"/>.</summary>
    public Instant EndOf(Instant whole) => HasWhole ? new UsagePeriod(Grain + 1, whole).End : TimeEnd;

    public string Partition(TenantId tenant, Instant time)
    {
        var shard = Shard.Of(tenant);
        return HasWhole
            ? StorageKey.Encode(Kind, Text(time, _wholeFormat), shard)
            : StorageKey.Encode(Kind, shard);
    }

    public string Row(TenantId tenant, Instant start) => StorageKey.Encode(tenant.Text, Text(start, _partFormat));

    public string Row(TenantId tenant, Instant start, string writer) =>
        StorageKey.Encode(tenant.Text, Text(start, _partFormat), writer);

    /// <summary>All partitions of a coarser period.</summary>
    public KeyRange PartitionsOf(Instant whole) => KeyRange.Below(StorageKey.Encode(Kind, Text(whole, _wholeFormat)));

    /// <summary>All partitions of coarser periods before one.</summary>
    public KeyRange PartitionsBefore(Instant whole) => KeyRange.Below(StorageKey.Encode(Kind)) with
    {
        End = StorageKey.Encode(Kind, Text(whole, _wholeFormat)),
    };

    /// <summary>All partitions of coarser periods from one on.</summary>
    public KeyRange PartitionsFrom(Instant whole) => KeyRange.Below(StorageKey.Encode(Kind)) with
    {
        First = StorageKey.Encode(Kind, Text(whole, _wholeFormat)),
    };

    /// <summary>A tenant's rows in the partition of a coarser period, of some time.</summary>
    public KeyRange RowsOf(TenantId tenant, Instant whole, Instant from, Instant until)
    {
        var end = EndOf(whole);
        var first = RoundUp(Instant.Min(Instant.Max(from, whole), end));
        var last = RoundUp(Instant.Min(until, end));
        var afterAll = StorageKey.End(StorageKey.Encode(tenant.Text));
        return new KeyRange(
            first < end ? Row(tenant, first) : afterAll, last < end ? Row(tenant, last) : afterAll);
    }

    /// <summary>The coarser period that a partition holds.</summary>
    /// <exception cref="FormatException">It is no partition of this grain.</exception>
    public Instant ReadWhole(string partition)
    {
        var parts = StorageKey.Decode(partition);
        if (parts.Length != (HasWhole ? 3 : 2) || parts[0] != Kind) throw Wrong(partition);
        return HasWhole ? ReadTime(parts[1], _wholeFormat) : Instant.MinValue;
    }

    /// <exception cref="FormatException">The keys are none of this grain.</exception>
    public UsagePlace Read(TableEntity row)
    {
        _ = ReadWhole(row.PartitionKey);
        var parts = StorageKey.Decode(row.RowKey);
        if (parts.Length != (Grain == UsageGrain.Minute ? 3 : 2)) throw Wrong(row.RowKey);
        if (!TenantId.TryParse(parts[0], out var tenant) && parts[0].Length > 0) throw Wrong(row.RowKey);
        var whole = HasWhole ? StorageKey.Decode(row.PartitionKey)[1] : "";
        return new UsagePlace(
            tenant, ReadTime(whole + parts[1], _wholeFormat + _partFormat), parts.Length > 2 ? parts[2] : "");
    }

    private Instant RoundUp(Instant time)
    {
        var period = UsagePeriod.Of(Grain, time);
        return period.Start == time ? time : period.End;
    }

    private static string Text(Instant time, string format) =>
        time.ToDateTimeOffset().ToString(format, CultureInfo.InvariantCulture);

    private static Instant ReadTime(string text, string format) => Instant.From(DateTimeOffset.ParseExact(
        text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    private static FormatException Wrong(string key) => new($"\"{key}\" is no key of usage");
}
