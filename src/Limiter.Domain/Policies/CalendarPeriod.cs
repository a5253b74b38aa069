namespace Limiter.Domain.Policies;

/// <summary>A period of the UTC calendar. The numbers are part of the stored format: never renumber.</summary>
public enum CalendarPeriod
{
    Hour = 0,
    Day = 1,
    Month = 2,
}
