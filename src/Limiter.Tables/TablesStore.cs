using Azure.Core;
using Azure.Data.Tables;
using Limiter.Tables.Alerts;
using Limiter.Tables.Rows;
using Limiter.Tables.Tenants;
using Limiter.Tables.Usage;

namespace Limiter.Tables;

/// <summary>
/// The store in an account of Azure Table Storage, shared by any number of processes. Its tables are made when they
/// are first used.
/// </summary>
public sealed class TablesStore
{
    private TablesStore(TableServiceClient service, TablesStoreOptions options, TimeProvider clock)
    {
        var table = new StoredTable(service.GetTableClient(options.Prefix + "directory"));
        Directory = new TablesDirectory(table, options.KeysPerTenantMax, clock);
        Usage = new TablesUsage(new StoredTable(service.GetTableClient(options.Prefix + "usage")), clock);
        Alerts = new TablesAlerts(new StoredTable(service.GetTableClient(options.Prefix + "alerts")), clock);
    }

    public TablesDirectory Directory { get; }

    public TablesUsage Usage { get; }

    public TablesAlerts Alerts { get; }

    /// <summary>
    /// A store with an account's key, such as <c>UseDevelopmentStorage=true</c> for Azurite. Sends nothing yet.
    /// </summary>
    /// <param name="clock">Parts attempts in time; usage is late by it.</param>
    /// <exception cref="ArgumentException">The connection string or an option is wrong.</exception>
    public static TablesStore Open(string connectionString, TablesStoreOptions options, TimeProvider clock)
    {
        options.Check();
        try
        {
            return new TablesStore(new TableServiceClient(connectionString, options.ToClientOptions()), options, clock);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new ArgumentException(exception.Message, nameof(connectionString), exception);
        }
    }

    /// <summary>
    /// A store with an identity, which needs the role Storage Table Data Contributor. Sends nothing yet.
    /// </summary>
    /// <param name="endpoint">Such as <c>https://account.table.core.windows.net</c>; tokens go over HTTPS only.</param>
    /// <param name="clock">Parts attempts in time; usage is late by it.</param>
    /// <exception cref="ArgumentException">The endpoint or an option is wrong.</exception>
    public static TablesStore Open(
        Uri endpoint, TokenCredential credential, TablesStoreOptions options, TimeProvider clock)
    {
        options.Check();
        if (!endpoint.IsAbsoluteUri || endpoint.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException($"{endpoint} is no https address", nameof(endpoint));
        return new TablesStore(
            new TableServiceClient(endpoint, credential, options.ToClientOptions()), options, clock);
    }
}
