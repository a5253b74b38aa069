namespace Limiter.Engine.Leases;

/// <summary>
/// Where work goes on that must not run on the stack of its cause, which may hold a lock: on the thread pool.
/// </summary>
/// <remarks>
/// The one place where the engine leaves its caller's thread. A simulation puts its own queue here and runs everything
/// on one thread, so that a seed tells the whole course of events.
/// </remarks>
internal class Handoff
{
    public static readonly Handoff ToPool = new();

    public virtual void Post<T>(Action<T> work, T state) =>
        ThreadPool.QueueUserWorkItem(work, state, preferLocal: true);
}
