using Limiter.Http.Surface;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>: the description of the surface, made while this assembly was built.</summary>
internal static class OpenApiHandler
{
    private const string File = "openapi.v1.json";

    private static readonly IResult Document = new PlainText(Read(), "application/json; charset=utf-8");

    public static Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation) =>
        Task.FromResult(Document);

    private static byte[] Read()
    {
        using var stream = typeof(OpenApiHandler).Assembly.GetManifestResourceStream(File)
            ?? throw new InvalidOperationException($"The resource {File} is missing.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
