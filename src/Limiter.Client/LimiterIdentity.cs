namespace Limiter.Client;

/// <summary>Who sends a request. <c>default</c> is an anonymous caller, known by its address alone.</summary>
public readonly record struct LimiterIdentity
{
    private LimiterIdentity(string? credential, string? tenant, string? key) =>
        (Credential, Tenant, Key) = (credential, tenant, key);

    /// <summary>The API key's secret; it stays in this process, only its SHA-256 is looked up.</summary>
    internal string? Credential { get; }

    internal string? Tenant { get; }

    internal string? Key { get; }

    /// <summary>Whoever has this API key.</summary>
    public static LimiterIdentity OfCredential(string credential) => new(credential, null, null);

    /// <summary>A tenant that this API has made sure of itself, and its key if the policy counts by key.</summary>
    public static LimiterIdentity OfTenant(string tenant, string? key = null) => new(null, tenant, key);
}
