using Microsoft.AspNetCore.Http;

namespace Limiter.Client.Web;

/// <summary>An endpoint's own cost.</summary>
internal sealed record LimiterCost(long Cost);

/// <summary>Tells how many records a request to an endpoint brings; null when it cannot be told.</summary>
internal sealed record LimiterRecords(Func<HttpContext, long?> Count);
