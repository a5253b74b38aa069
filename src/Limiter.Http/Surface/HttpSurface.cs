using System.Collections.Immutable;
using Limiter.Described;
using Limiter.Http.Auth;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Limiter.Http.Surface;

/// <summary>Everything that answers over HTTP: one table, which both hosts map and tests walk.</summary>
public sealed class HttpSurface
{
    private static readonly PathString V1 = "/v1";

    private readonly Gate _gate;

    private HttpSurface(Gate gate, ImmutableArray<Resource> resources)
    {
        _gate = gate;
        Resources = resources;
    }

    /// <summary>By path, in the order in which the calls were given.</summary>
    public ImmutableArray<Resource> Resources { get; }

    /// <summary>All calls of a host.</summary>
    public static HttpSurface Of(SurfaceParts parts)
    {
        var guesses = new KeyGuesses(parts.Proxy.ClientAddressHeader is not null, parts.Clock);
        var viewers = new ViewerDoor(parts.Viewers, parts.Checker.RegisteredAtAsync, parts.Clock);
        var gate = new Gate(parts.GatewayKey, parts.AdminKey, parts.Proxy, guesses, viewers);
        return Of(gate, parts.Logger, Calls.Of(parts, guesses).All());
    }

    internal static HttpSurface Of(Gate gate, ILogger logger, IEnumerable<Call> calls) => new(gate,
    [
        .. calls.GroupBy(call => call.Operation.Pattern)
            .Select(path => new Resource(path.Key, [.. path], gate, logger)),
    ]);

    /// <summary>The resource of a pattern.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Resource this[string pattern] => Resources.FirstOrDefault(resource => resource.Pattern == pattern)
        ?? throw new ArgumentException($"There is no path {pattern}.", nameof(pattern));

    /// <summary>Answers a path that does not exist: under <c>/v1</c> only to callers with a key.</summary>
    public Task<IResult> NotFoundAsync(HttpRequest request, CancellationToken cancellation)
    {
        var access = request.Path.StartsWithSegments(V1, StringComparison.OrdinalIgnoreCase)
            ? Access.Gateway
            : Access.Anyone;
        return Task.FromResult<IResult>(_gate.Refuse(request, access, false, out _)
            ?? new Problem(404, ProblemCode.NotFound, "There is nothing at this path."));
    }
}
