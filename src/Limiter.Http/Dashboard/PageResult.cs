using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Dashboard;

/// <summary>A file of the page, in the encoding that the browser takes, or the word that it has it already.</summary>
internal sealed class PageResult(PageFile file) : IResult
{
    // Scripts, styles and data from here alone, nothing inline, in nobody's frame, and no text ever becomes markup.
    private const string Policy =
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var encoding = PageEncoding.Of(request);
        var tag = file.TagOf(encoding);
        var headers = response.Headers;
        headers.CacheControl = file.CacheControl;
        headers.ETag = tag;
        headers.Vary = "Accept-Encoding";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (request.Headers.IfNoneMatch.Any(tags => tags?.Contains(tag, StringComparison.Ordinal) == true))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        var body = file.In(encoding);
        if (encoding is not null) headers.ContentEncoding = encoding;
        response.ContentType = file.ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(request.Method)) response.BodyWriter.Write(body.Span);
        return Task.CompletedTask;
    }
}
