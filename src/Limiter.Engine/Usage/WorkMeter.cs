namespace Limiter.Engine.Usage;

/// <summary>Tells of long work each few seconds; of short work nothing. Not thread-safe.</summary>
internal sealed class WorkMeter(string work, Action<UsageProgress>? onProgress, TimeProvider pace)
{
    /// <summary>Time between two reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly long _began = pace.GetTimestamp();
    private TimeSpan _told;
    private long _rows;

    public void Add(int rows)
    {
        _rows += rows;
        if (onProgress is null) return;
        var elapsed = pace.GetElapsedTime(_began);
        if (elapsed - _told < Interval) return;
        _told = elapsed;
        onProgress(new UsageProgress(work, _rows, elapsed));
    }
}
