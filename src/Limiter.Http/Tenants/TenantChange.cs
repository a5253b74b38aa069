using Limiter.Domain.Tenants;
using Limiter.Http.Problems;

namespace Limiter.Http.Tenants;

/// <summary>What a change makes of a tenant's record, or why it does not; exactly one of the two is there.</summary>
internal readonly record struct TenantChange(TenantRecord? Record, Problem? Problem)
{
    /// <summary>Whether there was no record before.</summary>
    public bool IsNew { get; init; }

    /// <summary>What is told of the change.</summary>
    public ChangeRecord? Told { get; init; }

    public static implicit operator TenantChange(Problem problem) => new(null, problem);

    public static implicit operator TenantChange(TenantRecord record) => new(record, null);
}
