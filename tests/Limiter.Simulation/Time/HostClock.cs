using Limiter.Domain;

namespace Limiter.Simulation.Time;

/// <summary>The clock of a host that runs buckets: near true time, and not quite that of the other hosts.</summary>
/// <param name="pump">True time.</param>
/// <param name="skewMs">How far it is ahead.</param>
internal sealed class HostClock(Pump pump, long skewMs)
{
    public Instant Now => pump.TrueTime + skewMs;

    public void Step(long ms) => skewMs += ms;

    public long SkewMs => skewMs;
}
