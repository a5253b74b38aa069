using Limiter.Engine.Ports;
using Limiter.Http.Checks;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Limiter.Http.Surface;

/// <summary>What a caller is told when a call ends with an exception: never the exception.</summary>
internal static class Fault
{
    private const long RetrySeconds = 1;

    public static IResult Answer(Exception exception, HttpRequest request, ILogger logger)
    {
        switch (exception)
        {
            // The server found the request's framing wrong while its body was read.
            case BadHttpRequestException bad:
                return new Problem(bad.StatusCode, ProblemCode.BadRequest, "The request's body could not be read.");
            case OperationCanceledException or ConnectionResetException or ConnectionAbortedException
                when request.HttpContext.RequestAborted.IsCancellationRequested:
                return Silence.Instance;
            case BucketsUnavailableException:
                Log.Unavailable(logger, exception, request.Method, request.Path);
                return RefusalProblem.Unreachable(RetrySeconds);
            case StoreUnavailableException:
                Log.Unavailable(logger, exception, request.Method, request.Path);
                return new Problem(503, ProblemCode.Unreachable, "The store cannot be reached; nothing was changed.")
                {
                    RetryAfter = RetrySeconds,
                };
            default:
                Log.Failed(logger, exception, request.Method, request.Path);
                return new Problem(500, ProblemCode.Internal, "This is an error of the server, not of the request.");
        }
    }
}
