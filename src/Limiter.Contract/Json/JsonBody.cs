using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Json;

/// <summary>An answer of the admin calls: a JSON document that is complete before its first byte leaves.</summary>
internal sealed class JsonBody : IResult
{
    public const string ContentType = "application/json";

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly ArrayBufferWriter<byte> _body = new(512);
    private readonly int _status;
    private string? _tag;

    private JsonBody(int status) => _status = status;

    /// <param name="status">The HTTP status.</param>
    /// <param name="state">What <paramref name="write"/> is given.</param>
    /// <param name="write">Writes the members of the one object that the document is.</param>
    public static JsonBody Object<T>(int status, T state, Action<Utf8JsonWriter, T> write)
    {
        var result = new JsonBody(status);
        using var json = new Utf8JsonWriter(result._body, Options);
        json.WriteStartObject();
        write(json, state);
        json.WriteEndObject();
        return result;
    }

    /// <summary>Adds the <c>ETag</c> of what the document shows.</summary>
    public JsonBody With(string tag)
    {
        _tag = tag;
        return this;
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = _status;
        response.ContentType = ContentType;
        response.ContentLength = _body.WrittenCount;
        response.Headers.CacheControl = "no-store";
        if (_tag is not null) response.Headers.ETag = _tag;
        if (!HttpMethods.IsHead(httpContext.Request.Method)) response.BodyWriter.Write(_body.WrittenSpan);
        return Task.CompletedTask;
    }
}
