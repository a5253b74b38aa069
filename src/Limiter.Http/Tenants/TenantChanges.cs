using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Http.Problems;

namespace Limiter.Http.Tenants;

/// <summary>
/// Changes a tenant's record: read, change, save if nobody else did meanwhile, otherwise again. Afterwards this edge
/// reads the record anew.
/// </summary>
public sealed class TenantChanges(IDirectory directory, Checker checker)
{
    /// <summary>
    /// Each lost round means that another change was saved, so a bounded number of rounds is enough for all.
    /// </summary>
    private const int AttemptsMax = 16;

    /// <summary>Makes a tenant's record, or changes it.</summary>
    /// <param name="tenant">Whose record.</param>
    /// <param name="conditions">What the caller asks of the present one.</param>
    /// <param name="change">Makes the new record of the one there is (null: there is none), or says why not.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<TenantChange> PutAsync(
        TenantId tenant, Preconditions conditions, Func<TenantRecord?, TenantChange> change,
        CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var before = await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false);
            if (conditions.Refuse(before is null ? null : Preconditions.TagOf(before)) is { } refusal) return refusal;
            var wanted = change(before);
            if (wanted.Record is not { } record || ReferenceEquals(record, before)) return wanted;
            var saved = await directory.SaveTenantAsync(record, wanted.Told, cancellation).ConfigureAwait(false);
            if (saved is null) continue;
            checker.Forget(tenant);
            return new TenantChange(saved, null) { IsNew = before is null };
        }
        return new TenantChange(null, new Problem(503, ProblemCode.Busy,
            "The tenant is being changed by others; nothing was changed.") { RetryAfter = 1 });
    }

    /// <summary>Changes the record of a tenant that exists.</summary>
    /// <inheritdoc cref="PutAsync"/>
    internal async Task<TenantChange> ApplyAsync(
        TenantId tenant, Preconditions conditions, Func<TenantRecord, TenantChange> change,
        CancellationToken cancellation) =>
        // What is not there is told before what is asked of it.
        await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false) is null
            ? RouteNames.UnknownTenant()
            : await PutAsync(
                tenant, conditions, before => before is null ? RouteNames.UnknownTenant() : change(before),
                cancellation).ConfigureAwait(false);
}
