using Limiter.Engine.Ports;

namespace Limiter.Conformance.Buckets;

public sealed class SqliteBucketsTests : DayChargesConformance, IAsyncDisposable
{
    private readonly TemporaryStore _store;

    public SqliteBucketsTests() => _store = new TemporaryStore(Clock);

    protected override IBuckets Buckets => _store.Store.Buckets;

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
