using Limiter.Domain;

namespace Limiter.Simulation.Time;

/// <summary>
/// The one thread of a world: runs what is due in the order of simulated true time, then of scheduling. What is posted
/// runs at the same time, after what posted it.
/// </summary>
internal sealed class Pump(long startTicks)
{
    public const long Millisecond = TimeSpan.TicksPerMillisecond;
    public const long Second = TimeSpan.TicksPerSecond;
    public const long Minute = TimeSpan.TicksPerMinute;

    /// <summary>Most work at one moment: a world that does more never settles.</summary>
    private const int TurnsMax = 5_000_000;

    private readonly DueHeap _due = new();
    private readonly Queue<Work> _ready = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>True time in ticks of 100 ns since the year 1.</summary>
    public long Now { get; private set; } = startTicks;

    public Instant TrueTime => TimeOf(Now);

    public static Instant TimeOf(long ticks) => new((ticks - DateTime.UnixEpoch.Ticks) / Millisecond);

    /// <summary>Called when all that was posted at a moment has run; may post more.</summary>
    public Action Settled { get; set; } = static () => { };

    public void At(long ticks, Process? process, Action work)
    {
        CheckThread();
        _due.Add(Math.Max(ticks, Now), new Work(process, work));
    }

    public void In(long ticks, Process? process, Action work) => At(Now + ticks, process, work);

    public void Post(Process process, Action work)
    {
        CheckThread();
        _ready.Enqueue(new Work(process, work));
    }

    /// <summary>Runs all that is due up to and including a time.</summary>
    public void RunUntil(long ticks)
    {
        Settle();
        while (_due.Count > 0 && _due.NextTicks <= ticks)
        {
            Now = _due.NextTicks;
            var work = _due.Take();
            work.Run();
            Settle();
        }
        Now = ticks;
    }

    /// <summary>Runs what was posted.</summary>
    public void Settle()
    {
        for (var turns = 0; ; turns++)
        {
            if (turns > TurnsMax) throw new InvalidOperationException("The world does not settle.");
            if (_ready.TryDequeue(out var work))
            {
                work.Run();
                continue;
            }
            Settled();
            if (_ready.Count == 0) return;
        }
    }

    /// <summary>Work on another thread would come at a time that no seed tells.</summary>
    public void CheckThread()
    {
        if (Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("The simulated world was left by another thread.");
    }
}
