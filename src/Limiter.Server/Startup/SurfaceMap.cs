using Limiter.Http.Surface;

namespace Limiter.Server.Startup;

/// <summary>The surface on this host.</summary>
internal static class SurfaceMap
{
    /// <summary>
    /// Maps every path of the surface for all methods, and everything else to its answer for what is not there.
    /// </summary>
    public static void MapSurface(this IEndpointRouteBuilder endpoints, HttpSurface surface)
    {
        foreach (var resource in surface.Resources)
            endpoints.Map(resource.Pattern, context =>
                AnswerAsync(resource.HandleAsync(context.Request, context.RequestAborted), context));
        endpoints.Map("{**path}", context =>
            AnswerAsync(surface.NotFoundAsync(context.Request, context.RequestAborted), context));
    }

    private static Task AnswerAsync(Task<IResult> answering, HttpContext context) =>
        answering.IsCompletedSuccessfully ? answering.Result.ExecuteAsync(context) : AwaitAsync(answering, context);

    private static async Task AwaitAsync(Task<IResult> answering, HttpContext context)
    {
        var result = await answering.ConfigureAwait(false);
        await result.ExecuteAsync(context).ConfigureAwait(false);
    }
}
