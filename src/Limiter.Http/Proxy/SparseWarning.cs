namespace Limiter.Http.Proxy;

/// <summary>
/// A warning that whoever is at the other end can cause at will: written at the first cause, then at most once a
/// minute, with how many causes there were since. Thread-safe.
/// </summary>
/// <param name="clock">Any clock.</param>
/// <param name="write">Writes it, given the causes that it stands for.</param>
internal sealed class SparseWarning(TimeProvider clock, Action<long> write)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _writtenAt;
    private long _count;

    public void Note()
    {
        long count;
        lock (_gate)
        {
            _count++;
            if (_writtenAt is { } last && clock.GetElapsedTime(last) < Pause) return;
            (count, _count) = (_count, 0);
            _writtenAt = clock.GetTimestamp();
        }
        write(count);
    }
}
