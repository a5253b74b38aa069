namespace Limiter.Domain.Policies;

/// <summary>Bytes of a body as they are, and the value that follows them.</summary>
internal readonly record struct BodyPart(byte[] Literal, BodyField Field);
