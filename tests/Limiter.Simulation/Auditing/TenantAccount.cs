using Limiter.Domain.Tenants;

namespace Limiter.Simulation.Auditing;

/// <summary>What was admitted for one tenant.</summary>
public sealed class TenantAccount
{
    internal TenantAccount(TenantId tenant) => Tenant = tenant;

    public TenantId Tenant { get; }

    /// <summary>Requests admitted, degraded ones included; a repeated one once.</summary>
    public long Requests { get; private set; }

    /// <summary>Their cost, as corrected.</summary>
    public long Tokens { get; private set; }

    /// <summary>The cost of an admission was corrected; told once for all its limits.</summary>
    /// <param name="tokens">The true cost less the one charged.</param>
    public void Correct(long tokens) => Tokens += tokens;

    internal void Admit(long tokens) => (Requests, Tokens) = (Requests + 1, Tokens + tokens);
}
