using System.Collections.Immutable;

namespace Limiter.Domain.Policies.Files;

/// <summary>The response section as read: a <see cref="ResponseContract"/> whose limit is still an index.</summary>
internal sealed record ResponseDraft(
    int? Described,
    ResetFormat Reset,
    RemainingWhenDenied RemainingWhenDenied,
    bool IetfFields,
    BodyTemplate? Denied,
    ImmutableDictionary<int, BodyTemplate> DeniedBy)
{
    /// <summary>The contract; only of a file without errors.</summary>
    public ResponseContract Join(ImmutableArray<LimitDefinition> limits) => new(
        Described is { } index ? limits[index] : null, Reset, RemainingWhenDenied, IetfFields, Denied, DeniedBy);
}
