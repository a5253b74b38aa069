namespace Limiter.Simulation.Time;

/// <summary>
/// One simulated process. What happens to it while it is stopped waits until it goes on; what happens to a dead one
/// never does.
/// </summary>
internal sealed class Process(string name)
{
    // Far above what a minute's pause gathers: beyond it a simulation has gone wild.
    private const int BacklogMax = 1_000_000;

    private readonly Queue<Action> _backlog = new();

    public string Name { get; } = name;

    public bool IsDead { get; private set; }

    public bool IsStopped { get; private set; }

    public bool Runs => !IsDead && !IsStopped;

    public void Kill()
    {
        IsDead = true;
        _backlog.Clear();
    }

    public void Stop() => IsStopped = true;

    public void GoOn(Pump pump)
    {
        IsStopped = false;
        if (IsDead) return;
        while (_backlog.TryDequeue(out var work)) pump.Post(this, work);
    }

    /// <summary>Runs now, later or never.</summary>
    public void Run(Action work)
    {
        if (IsDead) return;
        if (!IsStopped)
        {
            work();
            return;
        }
        if (_backlog.Count >= BacklogMax) throw new InvalidOperationException($"{Name} has gathered too much.");
        _backlog.Enqueue(work);
    }
}
