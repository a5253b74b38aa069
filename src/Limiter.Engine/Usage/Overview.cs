using System.Collections.Immutable;
using Limiter.Domain;

namespace Limiter.Engine.Usage;

/// <summary>How many tenants are active, and those of a page.</summary>
/// <param name="Now">When that was.</param>
/// <param name="Recent">What all edges decided in the last minutes.</param>
/// <param name="Near">Tenants near a limit, as far as they were looked at.</param>
/// <param name="Over">Tenants over one, likewise; every tenant that was denied in the last minute.</param>
/// <param name="Page">Some of them in order.</param>
public sealed record Overview(
    Instant Now, RecentView Recent, int Near, int Over, ImmutableArray<Standing> Page);
