using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Dashboard;

/// <summary>
/// <c>GET /</c> and <c>GET /dashboard/…</c>: a page without data. It asks its reader for a key, and fetches with it.
/// </summary>
internal static class PageHandler
{
    private const string PathValue = "path";

    private static readonly Lazy<PageFiles> Files = new(PageFiles.Load);

    public static Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        var path = request.RouteValues[PathValue] as string ?? "";
        var file = path.Length == 0 ? Files.Value.Index : Files.Value.Find(path);
        return Task.FromResult<IResult>(file is null
            ? new Problem(404, ProblemCode.NotFound, "There is nothing at this path.")
            : new PageResult(file));
    }
}
