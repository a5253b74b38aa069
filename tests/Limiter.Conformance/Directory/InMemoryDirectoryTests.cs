using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Directory;

public sealed class InMemoryDirectoryTests : ChangesConformance
{
    protected override IDirectory Directory { get; } = new InMemoryDirectory();

    protected override IDirectory SmallDirectory { get; } = new InMemoryDirectory(keysPerTenantMax: 2);
}
