namespace Limiter.Domain.Alerts;

/// <summary>What an alert tells. The numbers are part of the stored format and of ids: never renumber.</summary>
public enum AlertKind
{
    /// <summary>The use of a limit came to a share of its number.</summary>
    Threshold = 0,

    /// <summary>A limit denied a check.</summary>
    Exceeded = 1,

    /// <summary>What a tenant used on a closed day.</summary>
    Summary = 2,

    /// <summary>An operator tries whether alerts arrive.</summary>
    Test = 3,
}
