using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Surface;

/// <summary>A text that is written already.</summary>
internal sealed class PlainText(ReadOnlyMemory<byte> body, string contentType) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method)) response.BodyWriter.Write(body.Span);
        return Task.CompletedTask;
    }
}
