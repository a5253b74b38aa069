namespace Limiter.Domain.Tenants;

/// <summary>An API key as the directory keeps it: the secret's hash, never the secret.</summary>
/// <param name="Tenant">Whose key it is.</param>
/// <param name="Key">Its public name.</param>
/// <param name="Label">What the operator called it; 0 to 100 characters.</param>
/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="CreatedAt">When it was minted.</param>
public sealed record KeyRecord(TenantId Tenant, KeyId Key, string Label, CredentialHash Hash, Instant CreatedAt)
{
    public const int LabelLengthMax = 100;
}
