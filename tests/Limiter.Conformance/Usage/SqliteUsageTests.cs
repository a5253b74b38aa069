using Limiter.Engine.Ports;

namespace Limiter.Conformance.Usage;

public sealed class SqliteUsageTests : UsageKeepingConformance, IAsyncDisposable
{
    private readonly TemporaryStore _store;

    public SqliteUsageTests() => _store = new TemporaryStore(Clock);

    protected override IUsageStore Usage => _store.Store.Usage;

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
