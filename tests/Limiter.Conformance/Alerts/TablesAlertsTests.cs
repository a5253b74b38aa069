using Limiter.Azurite;
using Limiter.Engine.Ports;
using Limiter.Tables;

namespace Limiter.Conformance.Alerts;

public sealed class TablesAlertsTests : AlertStoreConformance
{
    public TablesAlertsTests(AzuriteServer azurite) => Alerts = TablesStore.Open(
        azurite.ConnectionString, new TablesStoreOptions { Prefix = AzuriteServer.NewName() }, Clock).Alerts;

    protected override IAlertStore Alerts { get; }
}
