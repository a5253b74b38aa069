using Limiter.Azurite;
using Limiter.Engine.Ports;
using Limiter.Tables;

namespace Limiter.Conformance.Usage;

public sealed class TablesUsageTests : UsageKeepingConformance
{
    public TablesUsageTests(AzuriteServer azurite) => Usage = TablesStore.Open(
        azurite.ConnectionString, new TablesStoreOptions { Prefix = AzuriteServer.NewName() }, Clock).Usage;

    protected override IUsageStore Usage { get; }
}
