using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Surface;

/// <summary>Nothing more to say: the answer is written already, or nobody is there to read one.</summary>
internal sealed class Silence : IResult
{
    public static readonly Silence Instance = new();

    public Task ExecuteAsync(HttpContext httpContext) => Task.CompletedTask;
}
