using Limiter.Domain.Policies;

namespace Limiter.Engine.Callers;

/// <summary>A bucket and whose it is.</summary>
/// <param name="Layout">The limits that it holds.</param>
/// <param name="Terms">What its owner is entitled to, of each of them.</param>
/// <param name="Owner">Null for an anonymous client's.</param>
internal sealed record OwnedBucket(BucketLayout Layout, Terms Terms, Caller? Owner);
