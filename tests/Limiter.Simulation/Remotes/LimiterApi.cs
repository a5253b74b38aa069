using System.Collections.Immutable;
using Limiter.Described.Edges;
using Limiter.Engine.Remotes;
using Limiter.Http.Auth;
using Limiter.Http.Edges;
using Limiter.Http.Proxy;
using Limiter.Http.Surface;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Limiter.Simulation.Remotes;

/// <summary>
/// What a server process answers over HTTP to edges elsewhere: the real calls behind the real gate, and no socket.
/// </summary>
internal sealed class LimiterApi
{
    /// <summary>The key that remote edges show.</summary>
    public const string GatewayKey = "gateway-key-of-a-simulated-world";

    private const string AdminKey = "admin-key-of-a-simulated-world";

    private readonly Dictionary<string, Resource> _resources;

    /// <param name="remotes">The process behind it.</param>
    /// <param name="clock">Its clock.</param>
    public LimiterApi(RemoteEdges remotes, TimeProvider clock)
    {
        var viewers = new ViewerDoor(new ViewerLinks(new byte[32], clock), static (_, _) => default, clock);
        var guesses = new KeyGuesses(addressesAreTold: false, clock);
        var gate = new Gate(
            new OperatorKey(GatewayKey), new OperatorKey(AdminKey), new ProxyOptions(), guesses, viewers);
        ImmutableArray<Call> calls =
        [
            new(EdgeOperations.Leases, new LeasesHandler(remotes).HandleAsync),
            new(EdgeOperations.Identities, new IdentitiesHandler(remotes).HandleAsync),
            new(EdgeOperations.Rows, new RowsHandler(remotes).HandleAsync),
        ];
        _resources = calls.Select(call => new Resource(call.Operation.Pattern, [call], gate, NullLogger.Instance))
            .ToDictionary(resource => resource.Pattern);
    }

    public async Task<(int Status, byte[] Body)> AnswerAsync(HttpCall call)
    {
        var answer = new AnswerBody();
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new CallBody(call.Body));
        context.Features.Set<IHttpResponseBodyFeature>(answer);
        var request = context.Request;
        (request.Method, request.Path, request.ContentLength) = (call.Method, call.Path, call.Body.Length);
        request.Headers.Authorization = call.Authorization;
        var result = await _resources[call.Path].HandleAsync(request, CancellationToken.None).ConfigureAwait(false);
        await result.ExecuteAsync(context).ConfigureAwait(false);
        await context.Response.CompleteAsync().ConfigureAwait(false);
        return (context.Response.StatusCode, answer.Bytes);
    }
}

/// <summary>A call as it travels.</summary>
internal sealed record HttpCall(string Method, string Path, string Authorization, byte[] Body);
