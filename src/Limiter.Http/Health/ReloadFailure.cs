using Limiter.Domain;

namespace Limiter.Http.Health;

/// <summary>A changed policy that was not taken: the one before is still in force.</summary>
/// <param name="At">When.</param>
/// <param name="Errors">How many errors the log has of it; at least 1.</param>
public sealed record ReloadFailure(Instant At, int Errors);
