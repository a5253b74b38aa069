using Limiter.Engine.Ports;

namespace Limiter.Conformance.Checks;

public sealed class SqliteRememberedChecksTests : RememberedChecksConformance, IAsyncDisposable
{
    private readonly TemporaryStore _store;

    public SqliteRememberedChecksTests() => _store = new TemporaryStore(Clock);

    protected override IRememberedChecks Checks => _store.Store.RememberedChecks;

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
