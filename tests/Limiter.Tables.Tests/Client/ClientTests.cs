using Azure.Data.Tables;
using Limiter.Azurite;

namespace Limiter.Tables.Tests.Client;

/// <summary>A table for each test.</summary>
public abstract class ClientTests(AzuriteServer azurite) : IAsyncLifetime
{
    protected AzuriteServer Azurite => azurite;

    protected TableClient Table { get; } = new(azurite.ConnectionString, AzuriteServer.NewName());

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => await Table.CreateIfNotExistsAsync(Cancellation);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected static async Task<List<T>> ReadAsync<T>(IAsyncEnumerable<T> source)
    {
        var all = new List<T>();
        await foreach (var one in source) all.Add(one);
        return all;
    }
}
