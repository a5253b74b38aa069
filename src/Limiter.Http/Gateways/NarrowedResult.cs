using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Gateways;

/// <summary>
/// A refusal for a gateway that takes only 401 and 403 for one: it answers 403, tells the true status in a header, and
/// is otherwise the same. Errors of the server stay what they are.
/// </summary>
internal sealed class NarrowedResult(IResult result) : IResult
{
    public const string StatusHeader = "X-Limiter-Status";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await result.ExecuteAsync(httpContext).ConfigureAwait(false);
        var response = httpContext.Response;
        if (response.StatusCode is not (>= 400 and < 500) or 401) return;
        response.Headers[StatusHeader] = response.StatusCode.ToString(CultureInfo.InvariantCulture);
        response.StatusCode = StatusCodes.Status403Forbidden;
    }
}
