using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Usage;

/// <summary>What of a tenant's usage is asked for; every bound of the call is here.</summary>
/// <param name="From">A period's start.</param>
/// <param name="Until">A period's start, the first that does not count.</param>
/// <param name="Grain">The length of the periods.</param>
/// <param name="Split">What is told apart in one.</param>
/// <param name="Take">Most items of a page, 1 to <see cref="TakeMax"/>.</param>
/// <param name="After">Where the page before ended.</param>
internal sealed record UsageQuery(
    Instant From, Instant Until, UsageGrain Grain, UsageSplit Split, int Take, UsageCursor After)
{
    public const int TakeMax = 1_000;

    private const int TakeDefault = 100;
    private const string TimeMust = "a time such as 2026-01-31T12:00:00Z, or a day such as 2026-01-31, of 1970 to 9998";

    public static readonly string[] Grains = ["minute", "hour", "day", "month"];
    public static readonly string[] Splits = ["none", "endpoint", "key"];

    // By grain, in days. Ten years have at most three leap days.
    private static readonly int[] DaysMax = [2, 92, 731, 3_653];

    /// <summary>The first time that is beyond every query.</summary>
    public static readonly Instant TimeMax = Instant.From(new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public string GrainName => Grains[(int)Grain];

    public string SplitName => Splits[(int)Split];

    public static Problem? TryRead(IQueryCollection query, Instant now, out UsageQuery asked)
    {
        asked = null!;
        var (by, split, take, after) = ((int)UsageGrain.Hour, (int)UsageSplit.None, TakeDefault, default(UsageCursor));
        Instant? from = null, until = null;
        foreach (var (name, values) in query)
        {
            if (name is not ("from" or "to" or "by" or "split" or "take" or "after")) return InputProblem.Unknown(name);
            if (values.Count != 1) return InputProblem.Duplicate(name);
            var text = values[0] ?? "";
            var problem = name switch
            {
                "from" => TryTime(name, text, out from),
                "to" => TryTime(name, text, out until),
                "by" => TryWord(name, text, Grains, out by),
                "split" => TryWord(name, text, Splits, out split),
                "take" => TryTake(text, out take),
                _ => UsageCursor.TryParse(text, out after) ? null : InputProblem.Invalid(name, "a page's 'next'"),
            };
            if (problem is not null) return problem;
        }
        var start = from ?? UsagePeriod.Of(UsageGrain.Day, now).Start;
        var end = until ?? UsagePeriod.Of((UsageGrain)by, now).End;
        if (Check(start, end, until is null, (UsageGrain)by) is { } wrong) return wrong;
        asked = new UsageQuery(
            UsagePeriod.Of((UsageGrain)by, start).Start, UsagePeriod.From((UsageGrain)by, end).Start,
            (UsageGrain)by, (UsageSplit)split, take, after);
        return null;
    }

    private static Problem? Check(Instant from, Instant until, bool isNow, UsageGrain grain)
    {
        if (until <= from)
            return InputProblem.Invalid(isNow ? "from" : "to", isNow ? "no time to come" : "a time after 'from'");
        var days = DaysMax[(int)grain];
        return until - from <= days * UsagePeriod.DayMs ? null
            : InputProblem.Invalid("from", $"at most {days} days before 'to', by {Grains[(int)grain]}");
    }

    private static Problem? TryTime(string name, string text, out Instant? time)
    {
        time = null;
        var isTime = TryDay(text, out var read) || IsoTime.TryParse(text, out read);
        if (!isTime || read < default(Instant) || read >= TimeMax) return InputProblem.Invalid(name, TimeMust);
        time = read;
        return null;
    }

    private static bool TryDay(string text, out Instant day)
    {
        var isDay = DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read);
        day = isDay ? Instant.From(read) : default;
        return isDay;
    }

    private static Problem? TryWord(string name, string text, string[] words, out int place)
    {
        place = Array.IndexOf(words, text);
        return place >= 0 ? null : InputProblem.Invalid(name, $"one of {string.Join(", ", words)}");
    }

    private static Problem? TryTake(string text, out int take) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out take) && take is >= 1 and <= TakeMax
            ? null
            : InputProblem.Invalid("take", $"a whole number from 1 to {TakeMax}");
}
