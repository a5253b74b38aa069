using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;

namespace Limiter.Simulation.Stores;

/// <summary>Tokens of a limit that a bucket's saved state counts as held by an edge.</summary>
/// <param name="Edge">Who holds them.</param>
/// <param name="Limit">The limit's name.</param>
/// <param name="Expiry">When the edge can spend no more of them.</param>
/// <param name="Tokens">At most so many: those whose spending it has not reported yet are among them.</param>
public readonly record struct HeldTokens(EdgeId Edge, string Limit, Instant Expiry, long Tokens)
{
    public static IEnumerable<HeldTokens> Of(BucketState state) =>
        from edge in state.Edges
        from lease in new[] { edge.Open, edge.Ended }
        where lease is not null
        from position in Enumerable.Range(0, lease.Holdings.Length)
        let tokens = lease.Holdings[position].Tokens
        where tokens > 0
        select new HeldTokens(edge.Edge, state.Terms.Limits[position].Rule.Id.Name, lease.Expiry, tokens);

    /// <summary>The edges that a bucket has heard of lately, in the order of their first request.</summary>
    public static IEnumerable<EdgeId> EdgesOf(BucketState state) => state.Edges.Select(edge => edge.Edge);
}
