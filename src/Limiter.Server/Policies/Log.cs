namespace Limiter.Server.Policies;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The policy {Name} is in force, as generation {Generation}")]
    public static partial void Adopted(ILogger logger, string name, long generation);

    [LoggerMessage(2, LogLevel.Error,
        "The changed policy is refused, with {Count} errors; generation {Generation} stays in force")]
    public static partial void Refused(ILogger logger, int count, long generation);

    [LoggerMessage(3, LogLevel.Error, "{Error}")]
    public static partial void RefusedBecause(ILogger logger, string error);

    [LoggerMessage(4, LogLevel.Warning,
        "The plans {Plans} are gone with the policy before: whoever has one is unknown until it has another")]
    public static partial void PlansGone(ILogger logger, string plans);

    [LoggerMessage(5, LogLevel.Warning, "The policy's folder cannot be watched; its file is looked at all the same")]
    public static partial void CannotWatch(ILogger logger, Exception failure);

    [LoggerMessage(6, LogLevel.Error, "The policy's file could not be looked at; it is tried again")]
    public static partial void LookFailed(ILogger logger, Exception failure);
}
