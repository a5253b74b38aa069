using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Usage;

public sealed class InMemoryUsageTests : UsageKeepingConformance
{
    public InMemoryUsageTests() => Usage = new InMemoryUsage(Clock);

    protected override IUsageStore Usage { get; }
}
