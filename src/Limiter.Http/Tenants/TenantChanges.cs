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

    /// <param name="tenant">Whose record.</param>
    /// <param name="change">Makes the new record of the one there is (null: there is none), or says why not.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal async Task<TenantChange> ApplyAsync(
        TenantId tenant, Func<TenantRecord?, TenantChange> change, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var before = await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false);
            var wanted = change(before);
            if (wanted.Record is not { } record || ReferenceEquals(record, before)) return wanted;
            var saved = await directory.SaveTenantAsync(record, cancellation).ConfigureAwait(false);
            if (saved is null) continue;
            checker.Forget(tenant);
            return new TenantChange(saved, null) { IsNew = before is null };
        }
        return new TenantChange(null, new Problem(503, ProblemCode.Busy,
            "The tenant is being changed by others; nothing was changed.") { RetryAfter = 1 });
    }
}
