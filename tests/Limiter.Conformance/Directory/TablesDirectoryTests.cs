using Limiter.Azurite;
using Limiter.Engine.Ports;
using Limiter.Tables;
using Limiter.Tables.Tenants;

namespace Limiter.Conformance.Directory;

public sealed class TablesDirectoryTests(AzuriteServer azurite) : ChangesConformance
{
    protected override IDirectory Directory { get; } = Open(azurite, new TablesStoreOptions());

    protected override IDirectory SmallDirectory { get; } =
        Open(azurite, new TablesStoreOptions { KeysPerTenantMax = 2 });

    private static TablesDirectory Open(AzuriteServer azurite, TablesStoreOptions options) => TablesStore.Open(
        azurite.ConnectionString, options with { Prefix = AzuriteServer.NewName() }, TimeProvider.System).Directory;
}
