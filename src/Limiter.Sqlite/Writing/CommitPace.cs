namespace Limiter.Sqlite.Writing;

/// <summary>
/// When the next batch may begin. After one that several requests shared, more are on their way, and those that come
/// within the pace share a commit too; a request that came alone is its client's only one, and the next is not held up.
/// Not thread-safe.
/// </summary>
/// <param name="pace">Shortest time from the beginning of a shared batch to the next.</param>
/// <param name="clock">Any clock.</param>
internal sealed class CommitPace(TimeSpan pace, TimeProvider clock)
{
    private long _begun;
    private bool _isShared;

    /// <summary>How long the next batch waits; zero or less: not at all.</summary>
    public TimeSpan Left => _isShared ? pace - clock.GetElapsedTime(_begun) : TimeSpan.Zero;

    /// <summary>A batch of so many requests begins.</summary>
    public void Begin(int requests) => (_begun, _isShared) = (clock.GetTimestamp(), requests > 1);
}
