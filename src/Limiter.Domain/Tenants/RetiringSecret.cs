namespace Limiter.Domain.Tenants;

/// <summary>The secret that a key had before its last rotation.</summary>
/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="Until">The first moment at which it opens nothing any more.</param>
public sealed record RetiringSecret(CredentialHash Hash, Instant Until);
