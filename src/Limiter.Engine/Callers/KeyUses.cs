using System.Collections.Concurrent;
using Limiter.Domain.Tenants;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Callers;

/// <summary>
/// Notes the day on which a key was last used, behind the answers. A key's first use of a day puts it in a queue, and
/// the directory writes only a later day than it has: at most one write a key and day, over all edges. Thread-safe.
/// </summary>
internal sealed class KeyUses(IIdentities directory, Edge edge)
{
    /// <summary>Most keys that wait; the next use of a further one tries again.</summary>
    public const int WaitingMax = 100_000;

    /// <summary>Milliseconds without a try after the directory failed.</summary>
    public const long PauseMs = 5_000;

    private const int AtOnce = 8;

    // Of one look, of which there is one a second: a directory has more to do than this.
    private const int SavedMax = 400;

    private readonly ConcurrentQueue<(KnownKey Key, long Day)> _waiting = new();
    private long _resumeAt = long.MinValue;
    private int _count;
    private int _saving;

    public void Note(KnownKey key, in EdgeTime now)
    {
        var day = now.Wall.UnixMilliseconds / KeyRecord.DayMs;
        var known = Volatile.Read(ref key.UsedDay);
        if (known >= day || Volatile.Read(ref _count) >= WaitingMax) return;
        if (Interlocked.CompareExchange(ref key.UsedDay, day, known) != known) return;
        Interlocked.Increment(ref _count);
        _waiting.Enqueue((key, day));
    }

    /// <summary>Saves some of what waits, unless that is under way or the directory failed just now.</summary>
    public async Task SaveAsync(EdgeTime now, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _count) == 0 || now.Timestamp < Volatile.Read(ref _resumeAt)) return;
        if (Interlocked.Exchange(ref _saving, 1) != 0) return;
        try
        {
            for (var left = SavedMax; left > 0 && Take() is { Count: > 0 } batch; left -= batch.Count)
            {
                var saves = await Task.WhenAll(batch.ConvertAll(use => SaveAsync(use.Key, use.Day, cancellation)))
                    .ConfigureAwait(false);
                if (Array.TrueForAll(saves, static isSaved => isSaved)) continue;
                for (var i = 0; i < batch.Count; i++)
                    if (!saves[i]) PutBack(batch[i]);
                Volatile.Write(ref _resumeAt, now.Timestamp + PauseMs * edge.TicksPerMillisecond);
                return;
            }
        }
        finally
        {
            Volatile.Write(ref _saving, 0);
        }
    }

    /// <summary>False when it is to be tried again.</summary>
    private async Task<bool> SaveAsync(KnownKey key, long day, CancellationToken cancellation)
    {
        try
        {
            var saving = directory.MarkKeyUsedAsync(key.Record.Tenant, key.Record.Key, day, cancellation);
            if (saving.IsCompletedSuccessfully) return true;
            await saving.AsTask().WaitAsync(edge.Options.WaitLimit, edge.WaitClock, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
#pragma warning disable CA1031 // Nobody waits for this: whatever fails is told, and the other keys go on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            edge.OnFailure(failure);
            return failure is not (StoreUnavailableException or TimeoutException) or RecordFailedException;
        }
    }

    private List<(KnownKey Key, long Day)> Take()
    {
        var batch = new List<(KnownKey, long)>(AtOnce);
        while (batch.Count < AtOnce && _waiting.TryDequeue(out var use))
        {
            Interlocked.Decrement(ref _count);
            batch.Add(use);
        }
        return batch;
    }

    private void PutBack((KnownKey Key, long Day) use)
    {
        Interlocked.Increment(ref _count);
        _waiting.Enqueue(use);
    }
}
