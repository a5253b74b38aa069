using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Server.Startup;

/// <summary>Two tenants to try a policy with. Registering them again changes nothing.</summary>
internal static class SampleTenants
{
    /// <summary>The sample's key, where the policy counts by key.</summary>
    public const string KeyName = "k1";

    private static readonly string[] Names = ["acme", "globex"];

    /// <summary>The first sample's name.</summary>
    public static string First => Names[0];

    public static async Task RegisterAsync(
        IDirectory directory, Policy policy, TimeProvider clock, CancellationToken cancellation)
    {
        // A negotiated plan has no numbers of its own, and the anonymous plan is nobody's.
        var plans = policy.Plans.Where(plan => !plan.Negotiated && plan != policy.Anonymous).ToArray();
        if (plans.Length == 0) return;
        var now = Instant.From(clock.GetUtcNow());
        for (var i = 0; i < Names.Length; i++)
        {
            if (!TenantId.TryParse(Names[i], out var tenant)) continue;
            var record = new TenantRecord(
                tenant, plans[Math.Min(i, plans.Length - 1)].Name, 0, now,
                ImmutableDictionary<LimitId, long>.Empty, ImmutableDictionary<LimitId, Adjustment>.Empty);
            var told = Tell(tenant, ChangeKind.Created, "", now);
            await directory.SaveTenantAsync(record, told, cancellation).ConfigureAwait(false);
            if (policy.RequiresKey) await AddKeyAsync(directory, tenant, now, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A key for checks by name. Nobody knows its secret, so it opens nothing.</summary>
    private static async Task AddKeyAsync(
        IDirectory directory, TenantId tenant, Instant now, CancellationToken cancellation)
    {
        if (!KeyId.TryParse(KeyName, out var key)) return;
        var secret = System.Security.Cryptography.RandomNumberGenerator.GetHexString(64);
        if (CredentialHash.TryCompute(secret, out var hash))
            await directory.AddKeyAsync(
                new KeyRecord(tenant, key, "sample", hash, now), Tell(tenant, ChangeKind.KeyMinted, KeyName, now),
                cancellation).ConfigureAwait(false);
    }

    private static ChangeRecord Tell(TenantId tenant, ChangeKind what, string subject, Instant now) =>
        new(tenant, what, subject, now, "server", "") { Reason = "a sample to try the policy with" };
}
