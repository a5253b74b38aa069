using System.Collections.Immutable;

namespace Limiter.Domain.Policies;

/// <summary>What a tenant bought: a number for each limit.</summary>
/// <param name="Name">As tenants name it; 1 to 64 characters, same alphabet as a tenant's name.</param>
/// <param name="Numbers">
/// By <see cref="LimitDefinition.Index"/>: the plan's own number, <see cref="Schedule.Unlimited"/>, or null where the
/// number
/// is the limit's own (<see cref="LimitDefinition.Number"/>, <see cref="LimitDefinition.PercentOf"/>) or must come from
/// the
/// tenant's overrides (<see cref="Negotiated"/>).
/// </param>
/// <param name="Negotiated">
/// The tenant must be registered together with an override for every limit without a number.
/// </param>
public sealed record Plan(string Name, ImmutableArray<long?> Numbers, bool Negotiated);
