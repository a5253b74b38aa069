using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Checks;

// What is told of this edge to whoever watches it.
public sealed partial class Checker
{
    /// <summary>
    /// When a tenant was registered, as checks know it: at once of what changed here, within a minute of what changed
    /// elsewhere.
    /// </summary>
    /// <param name="tenant">Whose registration.</param>
    /// <param name="cancellation">Ends a wait for the directory.</param>
    /// <returns>Null: nobody has this name, or checks of it are refused for a plan that there is not.</returns>
    /// <exception cref="StoreUnavailableException">
    /// The directory cannot be reached and nothing is known of the tenant.
    /// </exception>
    public async ValueTask<Instant?> RegisteredAtAsync(TenantId tenant, CancellationToken cancellation)
    {
        var now = _edge.Now();
        var caller = await _callers.CallerAsync(tenant, Policy, now, cancellation).ConfigureAwait(false);
        caller?.Touch(now.Timestamp);
        return caller?.Record?.CreatedAt;
    }

    /// <summary>Whether the buckets are known to be out of reach.</summary>
    internal bool AreBucketsAway => _edge.Outage.IsKnown;
}
