using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Limiter.Http.Problems;

/// <summary>An error answer: problem details as in RFC 9457, with a code that programs can rely on.</summary>
/// <param name="Status">The HTTP status; 400 to 599.</param>
/// <param name="Code">Stable and machine-readable, one of <see cref="ProblemCode"/>.</param>
/// <param name="Detail">One sentence for a person. Never an exception's text.</param>
public sealed record Problem(int Status, string Code, string Detail) : IResult
{
    public const string ContentType = "application/problem+json";

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The field, query parameter or route value at fault; null when none is.</summary>
    public string? Field { get; init; }

    /// <summary>Seconds for <c>Retry-After</c>, at least 1; null: waiting is not known to help.</summary>
    public long? RetryAfter { get; init; }

    /// <summary>The methods for <c>Allow</c>; null but on a 405.</summary>
    public string? Allow { get; init; }

    /// <summary>The state that there is, for <c>ETag</c>; null but on a 412.</summary>
    public string? ETag { get; init; }

    /// <summary>The greatest value that would have been accepted; null when that is not what is wrong.</summary>
    public long? Cap { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var body = new ArrayBufferWriter<byte>(256);
        Write(body);
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = body.WrittenCount;
        if (Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (Allow is not null) response.Headers.Allow = Allow;
        if (ETag is not null) response.Headers.ETag = ETag;
        if (RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (!HttpMethods.IsHead(httpContext.Request.Method)) response.BodyWriter.Write(body.WrittenSpan);
        return Task.CompletedTask;
    }

    internal void Write(IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body, Options);
        json.WriteStartObject();
        json.WriteString("type", "about:blank");
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(Status));
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        json.WriteString("code", Code);
        if (Field is not null) json.WriteString("field", Field);
        if (Cap is { } cap) json.WriteNumber("cap", cap);
        json.WriteEndObject();
    }
}
