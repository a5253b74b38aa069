namespace Limiter.Domain.Buckets;

/// <summary>
/// Tokens of one limit that left the bucket and whose spending is not known: they can be spent until the expiry.
/// </summary>
internal readonly record struct Outstanding(Instant Expiry, long Tokens);
