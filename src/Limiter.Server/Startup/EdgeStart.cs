using System.Buffers.Binary;
using System.Security.Cryptography;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Server.Options;

namespace Limiter.Server.Startup;

/// <summary>Makes this process an edge of its store.</summary>
internal static class EdgeStart
{
    public static async Task<Checker> OpenAsync(
        ServerOptions options, Policy policy, Store store, TimeProvider clock, ILogger logger,
        CancellationToken cancellation)
    {
        var generation = await store.Directory.PolicyGenerationAsync(policy.Digest.AsMemory(), cancellation)
            .ConfigureAwait(false);
        var leases = new LeaseOptions();
        if (options.LeaseMs is { } lifetime) leases = leases with { LifetimeMs = lifetime };
        var checker = new Checker(
            new PolicyInForce(policy, generation), NewId(), store.Directory, store.Buckets, clock, leases,
            onFailure: failure => Log.StoreFailed(logger, failure), journal: store.RememberedChecks);
        await checker.LoadAsync(cancellation).ConfigureAwait(false);
        return checker;
    }

    /// <summary>Random, so that a process that starts again is another edge.</summary>
    private static EdgeId NewId() => new(BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)));
}
