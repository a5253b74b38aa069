using Microsoft.Extensions.Logging;

namespace Limiter.Http.Surface;

/// <summary>Keeps secrets out of what the platform logs, however much of it somebody turns on.</summary>
public static class LogFilters
{
    /// <summary>
    /// The platform writes every request's query, in which a credential may stand. Only who names its category turns
    /// that on.
    /// </summary>
    public static void Apply(ILoggingBuilder logging) =>
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
}
