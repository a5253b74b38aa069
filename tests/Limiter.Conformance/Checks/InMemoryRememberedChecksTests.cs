using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Checks;

public sealed class InMemoryRememberedChecksTests : RememberedChecksConformance
{
    public InMemoryRememberedChecksTests() => Checks = new InMemoryRememberedChecks(Clock);

    protected override IRememberedChecks Checks { get; }
}
