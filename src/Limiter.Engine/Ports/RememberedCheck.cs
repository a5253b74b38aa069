using Limiter.Domain;

namespace Limiter.Engine.Ports;

/// <summary>A check that carried an id, and its answer.</summary>
/// <param name="Id">The client's id; 1 to 128 characters.</param>
/// <param name="Fingerprint">A digest of what was checked, to find out another request with the same id.</param>
/// <param name="Answer">The answer, as whoever wrote it reads it back.</param>
/// <param name="At">When it was answered.</param>
public sealed record RememberedCheck(string Id, byte[] Fingerprint, byte[] Answer, Instant At);
