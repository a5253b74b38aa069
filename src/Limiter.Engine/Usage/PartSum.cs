using Limiter.Domain;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Usage;

/// <summary>Adds the parts of one tenant's period up. Not thread-safe.</summary>
internal sealed class PartSum(UsagePeriod period)
{
    private const int MinutesOfHour = (int)(UsagePeriod.HourMs / UsagePeriod.MinuteMs);

    private readonly UsageSum _sum = new();

    // By the minute of an hour: several edges have rows of one. What is coarser knows its busiest minute.
    private readonly long[] _minutes = period.Grain == UsageGrain.Hour ? new long[MinutesOfHour] : [];

    public UsagePeriod Period { get; } = period;

    /// <param name="start">Of the part.</param>
    /// <param name="sheet">What was counted in it.</param>
    public void Add(Instant start, UsageSheet sheet)
    {
        _sum.Add(sheet);
        var minute = (start - Period.Start) / UsagePeriod.MinuteMs;
        if (minute >= 0 && minute < _minutes.Length) _minutes[minute] += sheet.Total.Checks;
    }

    public UsageSheet ToSheet()
    {
        for (var minute = 0; minute < _minutes.Length; minute++)
            if (_minutes[minute] > 0)
                _sum.AddPeak(new PeakMinute(Period.Start + minute * UsagePeriod.MinuteMs, _minutes[minute]));
        return _sum.ToSheet();
    }
}
