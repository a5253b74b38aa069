using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Leases;

namespace Limiter.Engine.Callers;

/// <summary>A key as this edge knows it, by its name or by one of its secrets.</summary>
/// <param name="record">As the directory has it.</param>
/// <param name="endsAt">The first moment at which it opens nothing any more.</param>
/// <param name="readAt">How many changes had been made on this edge when it was read.</param>
/// <param name="loadedAt">When that was.</param>
internal sealed class KnownKey(KeyRecord record, Instant endsAt, long readAt, EdgeTime loadedAt) : Recent
{
    public KeyRecord Record { get; } = record;

    public Instant EndsAt { get; } = endsAt;

    public long ReadAt { get; } = readAt;

    public EdgeTime LoadedAt { get; } = loadedAt;

    /// <summary>The key's own bucket, once it was used.</summary>
    public LeaseHolder? Holder { get; set; }

    /// <summary>The last day of use that was noted, here or in the directory.</summary>
#pragma warning disable CA1051 // What is exchanged atomically has to be a field.
    public long UsedDay = record.LastUsedDay ?? long.MinValue;
#pragma warning restore CA1051
}
