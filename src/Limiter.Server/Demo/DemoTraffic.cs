using System.Collections.Immutable;

namespace Limiter.Server.Demo;

/// <summary>
/// What the tenants send in any minute: more in their working hours than at night, less at weekends, and now and then
/// a burst. The same for the same seed and minute, whatever was asked before.
/// </summary>
internal sealed class DemoTraffic(int seed)
{
    /// <summary>Most requests of one tenant in one minute.</summary>
    public const int PerTenantMax = 200;

    /// <summary>Hours from a working day's peak to where its load has fallen to a share of 1/e.</summary>
    private const double Width = 4.5;

    private const double AtNight = 0.08;
    private const double AtWeekends = 0.3;
    private const int IdsMax = 5_000;
    private const int MinutesPerDay = 24 * 60;
    private const int HoursPerDay = 24;

    /// <summary>What the hours of a day add up to: a tenant's day has the requests that it should have.</summary>
    private static readonly double Whole = Enumerable.Range(0, HoursPerDay).Sum(hour => Shape(hour));

    public ImmutableArray<DemoTenant> Tenants { get; } = DemoTenant.All(seed);

    /// <summary>The requests of one minute, in a mixed order.</summary>
    /// <param name="minute">Its start, UTC.</param>
    public DemoRequest[] At(DateTimeOffset minute)
    {
        var random = new Random(HashCode(seed, minute.ToUnixTimeSeconds() / 60));
        var requests = new List<DemoRequest>();
        foreach (var tenant in Tenants)
        {
            var load = LoadOf(tenant, minute);
            var count = Draw(tenant.Daily * load, random);
            var isBurst = random.NextDouble() < tenant.Bursts * load;
            if (isBurst) count += tenant.Contract.Burst + random.Next(tenant.Contract.Burst / 2);
            // A burst is one program's.
            var burstKey = random.Next(tenant.Keys.Length);
            for (var i = 0; i < Math.Min(count, PerTenantMax); i++)
                requests.Add(New(tenant, isBurst ? burstKey : KeyOf(tenant, random), random));
        }
        var mixed = requests.ToArray();
        random.Shuffle(mixed);
        return mixed;
    }

    /// <summary>The share of a tenant's working day that falls into this minute.</summary>
    private static double LoadOf(DemoTenant tenant, DateTimeOffset minute)
    {
        var hour = (minute.TimeOfDay.TotalHours - tenant.PeakHour + HoursPerDay) % HoursPerDay;
        var weekend = minute.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? AtWeekends : 1;
        return Shape(hour) / Whole * HoursPerDay / MinutesPerDay * weekend;
    }

    /// <summary>How busy an hour is, so many hours after the peak; 1 at the peak.</summary>
    private static double Shape(double after)
    {
        var apart = Math.Min(after, HoursPerDay - after);
        return AtNight + ((1 - AtNight) * Math.Exp(-apart * apart / (Width * Width)));
    }

    private static DemoRequest New(DemoTenant tenant, int key, Random random)
    {
        var place = random.Next(100);
        var chosen = tenant.Contract.Endpoints[^1];
        foreach (var endpoint in tenant.Contract.Endpoints)
        {
            if (place < endpoint.Share)
            {
                chosen = endpoint;
                break;
            }
            place -= endpoint.Share;
        }
        var path = chosen.Path.Contains('#', StringComparison.Ordinal)
            ? chosen.Path.Replace("#", $"{random.Next(1, IdsMax)}", StringComparison.Ordinal)
            : chosen.Path;
        return new DemoRequest(tenant.Name, tenant.Keys[key], chosen.Method, path);
    }

    /// <summary>Each key half as busy as the one before.</summary>
    private static int KeyOf(DemoTenant tenant, Random random)
    {
        var key = 0;
        while (key < tenant.Keys.Length - 1 && random.Next(2) == 0) key++;
        return key;
    }

    /// <summary>A Poisson number (Knuth): how many of many independent requests fall into one minute.</summary>
    private static int Draw(double mean, Random random)
    {
        var limit = Math.Exp(-mean);
        var count = 0;
        for (var product = random.NextDouble(); product > limit && count < PerTenantMax; count++)
            product *= random.NextDouble();
        return count;
    }

    /// <summary>Spreads seeds, so that neighbouring minutes have nothing in common. Wraps around by intent.</summary>
    private static int HashCode(int seed, long minute) =>
        unchecked((int)(((ulong)minute * 0x9E3779B97F4A7C15UL) >> 32) ^ (seed * 0x2545F491));
}
