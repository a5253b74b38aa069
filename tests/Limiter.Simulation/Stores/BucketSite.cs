using Limiter.Domain.Buckets;

namespace Limiter.Simulation.Stores;

/// <summary>A bucket as the disk has it.</summary>
internal sealed class BucketSite(BucketId id, int index, int place)
{
    public BucketId Id { get; } = id;

    public int Index { get; } = index;

    /// <summary>Which of the hosts runs it.</summary>
    public int Place { get; } = place;

    public BucketState? Saved { get; private set; }

    /// <summary>Rises with each save.</summary>
    public long Version { get; private set; }

    /// <summary>Saves over the version that was loaded; false when another process saved since.</summary>
    public bool TrySave(BucketState state, long loaded)
    {
        if (loaded != Version) return false;
        Saved = state;
        Version++;
        return true;
    }

    /// <summary>As a process that starts finds it: through bytes.</summary>
    public BucketState? Load() => Saved is null ? null : BucketCodec.Decode(BucketCodec.Encode(Saved));
}
