using Limiter.Engine.Leases;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Edges;

/// <summary>
/// What an edge leaves its caller's stack for goes on at the same simulated moment, on the same thread.
/// </summary>
internal sealed class EdgeHandoff(Pump pump, Process process) : Handoff
{
    public override void Post<T>(Action<T> work, T state) => pump.Post(process, () => work(state));
}
