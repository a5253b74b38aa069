using Microsoft.AspNetCore.Http;

namespace Limiter.Client.Web;

/// <summary>What an endpoint says of its requests. One base, so that an endpoint without any is seen at once.</summary>
internal abstract record LimiterMetadata;

/// <summary>An endpoint's own cost.</summary>
internal sealed record LimiterCost(long Cost) : LimiterMetadata;

/// <summary>Tells how many records a request to an endpoint brings; null when it cannot be told.</summary>
internal sealed record LimiterRecords(Func<HttpContext, long?> Count) : LimiterMetadata;
