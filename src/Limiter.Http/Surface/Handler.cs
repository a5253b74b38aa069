using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Surface;

/// <summary>What answers a call. Both hosts execute the result against the request's own context.</summary>
public delegate Task<IResult> Handler(HttpRequest request, CancellationToken cancellation);
