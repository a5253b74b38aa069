namespace Limiter.Engine.Ports;

/// <summary>What one sweep did.</summary>
/// <param name="Seen">Buckets that it looked at.</param>
/// <param name="Deleted">Those of them that were at rest and are gone.</param>
/// <param name="Ended">The last bucket was reached: the next sweep starts with the first.</param>
public readonly record struct SweepResult(int Seen, int Deleted, bool Ended);
