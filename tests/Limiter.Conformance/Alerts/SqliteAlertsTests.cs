using Limiter.Engine.Ports;

namespace Limiter.Conformance.Alerts;

public sealed class SqliteAlertsTests : AlertStoreConformance, IAsyncDisposable
{
    private readonly TemporaryStore _store;

    public SqliteAlertsTests() => _store = new TemporaryStore(Clock);

    protected override IAlertStore Alerts => _store.Store.Alerts;

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
