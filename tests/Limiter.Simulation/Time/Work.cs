namespace Limiter.Simulation.Time;

/// <param name="Process">Who does it; null for the world itself.</param>
/// <param name="Action">What is to be done.</param>
internal readonly record struct Work(Process? Process, Action Action)
{
    public void Run()
    {
        if (Process is null) Action();
        else Process.Run(Action);
    }
}
