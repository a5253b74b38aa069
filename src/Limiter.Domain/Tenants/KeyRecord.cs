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

    public const long DayMs = 24L * 60 * 60 * 1000;

    public KeyKind Kind { get; init; }

    /// <summary>The first moment at which the key opens nothing any more; null: it does not end by itself.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>The secret before the last rotation, which may still work; null before the first one.</summary>
    public RetiringSecret? Retiring { get; init; }

    /// <summary>The last day on which the key was used, in days since 1970-01-01 UTC; null for never.</summary>
    public long? LastUsedDay { get; init; }

    public bool Has(CredentialHash hash) => Hash == hash || Retiring?.Hash == hash;

    /// <summary>Until when one of the key's secrets opens something.</summary>
    public Instant EndOf(CredentialHash hash)
    {
        var end = ExpiresAt ?? Instant.Never;
        return hash != Hash && Retiring is { } retiring ? Instant.Min(end, retiring.Until) : end;
    }
}
