using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Directory;

public sealed class SqliteDirectoryTests : ChangesConformance, IAsyncDisposable
{
    private readonly TemporaryStore _store = new(new ManualClock(Times.Start));
    private readonly TemporaryStore _small = new(new ManualClock(Times.Start), keysPerTenantMax: 2);

    protected override IDirectory Directory => _store.Store.Directory;

    protected override IDirectory SmallDirectory => _small.Store.Directory;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _small.DisposeAsync();
    }
}
