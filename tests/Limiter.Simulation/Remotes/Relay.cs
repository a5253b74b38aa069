using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Remotes;

/// <summary>
/// When the buckets decided what servers asked them for remote edges: true times, which no answer over HTTP tells.
/// </summary>
internal sealed class Relay
{
    private readonly Dictionary<(EdgeId Edge, BucketSite Site, long Number, Instant Shown), long> _decidedAt = [];

    public void Decided(BucketSite site, ReserveRequest request, ReserveReply reply, long decidedAt) =>
        _decidedAt.TryAdd((request.Edge, site, request.Number, reply.Now), decidedAt);

    /// <summary>In ticks; null when no bucket decided that.</summary>
    public long? DecidedAt(BucketSite site, ReserveRequest request, ReserveReply reply) =>
        _decidedAt.TryGetValue((request.Edge, site, request.Number, reply.Now), out var at) ? at : null;
}
