using System.Globalization;

namespace Limiter.Engine.Usage;

/// <summary>For how long usage is kept, by grain, in days. Months are kept for ever.</summary>
/// <param name="MinuteDays">Rows of minutes, <see cref="MinuteDaysMin"/> to <see cref="DaysMax"/>.</param>
/// <param name="HourDays">Hours; at least <see cref="HourDaysMore"/> more than the rows.</param>
/// <param name="DayDays">Days; at least <see cref="DayDaysMore"/> more than the hours.</param>
public sealed record UsageKept(int MinuteDays = 31, int HourDays = 90, int DayDays = 731)
{
    /// <summary>A row that comes late, and a reader of it, find the others of its hour.</summary>
    public const int MinuteDaysMin = 3;

    /// <summary>A day of late rows finds all of its hours.</summary>
    public const int HourDaysMore = 2;

    /// <summary>A month of such a day finds all of its days.</summary>
    public const int DayDaysMore = 62;

    /// <summary>Longest time that anything but months is kept: ten years.</summary>
    public const int DaysMax = 3_653;

    /// <summary>Of settings, in the order of the grains; null is the default.</summary>
    /// <param name="days">Three.</param>
    public static UsageKept Of(params ReadOnlySpan<int?> days)
    {
        var none = new UsageKept();
        return new UsageKept(days[0] ?? none.MinuteDays, days[1] ?? none.HourDays, days[2] ?? none.DayDays);
    }

    /// <summary>What is wrong with it, in words that follow a setting's name; null when nothing is.</summary>
    /// <returns>The grain whose days are wrong, as <c>Minute</c>, <c>Hour</c> or <c>Day</c>, and why.</returns>
    public (string Grain, string Why)? Refuse()
    {
        if (MinuteDays is < MinuteDaysMin or > DaysMax) return ("Minute", Must(MinuteDaysMin));
        if (HourDays < MinuteDays + HourDaysMore || HourDays > DaysMax)
            return ("Hour", Must(MinuteDays + HourDaysMore));
        return DayDays < HourDays + DayDaysMore || DayDays > DaysMax ? ("Day", Must(HourDays + DayDaysMore)) : null;
    }

    private static string Must(int min) => string.Create(
        CultureInfo.InvariantCulture, $"must be {min} to {DaysMax} days, given how long finer usage is kept");
}
