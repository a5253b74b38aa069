using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;
using Moq;

namespace Limiter.Functions.Host.Entities;

/// <summary>A client of the entities of an <see cref="EntityHost"/>.</summary>
public sealed class HostEntityClient(EntityHost host) : DurableEntityClient("test")
{
    /// <summary>The client as the platform binds it to a function's parameter.</summary>
    public static DurableTaskClient For(EntityHost host)
    {
        var client = new Mock<DurableTaskClient>("test");
        var entities = new HostEntityClient(host);
        client.Setup(one => one.Entities).Returns(entities);
        return client.Object;
    }

    public override async Task SignalEntityAsync(
        EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null,
        CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        await host.HearAsync(cancellation).ConfigureAwait(false);
        host.Signal(id, operationName, input);
    }

    public override async Task<EntityMetadata?> GetEntityAsync(
        EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default)
    {
        await host.HearAsync(cancellation).ConfigureAwait(false);
        var (state, modified, waiting) = host.Read(id);
        return state is null ? null : new EntityMetadata(id, new SerializedData(state))
        {
            LastModifiedTime = modified,
            BacklogQueueSize = waiting,
        };
    }

    public override async Task<EntityMetadata<T>?> GetEntityAsync<T>(
        EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        await host.HearAsync(cancellation).ConfigureAwait(false);
        var (state, modified, _) = host.Read(id);
        return state is null ? null : Describe<T>(id, state, modified);
    }

    public override AsyncPageable<EntityMetadata> GetAllEntitiesAsync(EntityQuery? filter = null) =>
        throw new NotSupportedException();

    public override AsyncPageable<EntityMetadata<T>> GetAllEntitiesAsync<T>(EntityQuery? filter = null) =>
        new Pages<T>(host, filter ?? new EntityQuery());

    public override Task<CleanEntityStorageResult> CleanEntityStorageAsync(
        CleanEntityStorageRequest? request = null, bool continueUntilComplete = true,
        CancellationToken cancellation = default) =>
        Task.FromResult(new CleanEntityStorageResult { EmptyEntitiesRemoved = host.Clean() });

    private static EntityMetadata<T> Describe<T>(EntityInstanceId id, string state, DateTimeOffset modified) =>
        new(id, JsonSerializer.Deserialize<T>(state)) { LastModifiedTime = modified };

    /// <summary>The token is the last key of the page before.</summary>
    private sealed class Pages<T>(EntityHost host, EntityQuery filter) : AsyncPageable<EntityMetadata<T>>
    {
        public override async IAsyncEnumerable<Page<EntityMetadata<T>>> AsPages(
            string? continuationToken = default, int? pageSizeHint = default)
        {
            await Task.Yield();
            var after = continuationToken ?? filter.ContinuationToken ?? "";
            var size = pageSizeHint ?? filter.PageSize ?? EntityQuery.DefaultPageSize;
            while (true)
            {
                var found = host.All().Where(Matches)
                    .Where(one => string.CompareOrdinal(one.Id.Key, after) > 0).Take(size + 1).ToArray();
                var more = found.Length > size;
                after = more ? found[size - 1].Id.Key : "";
                yield return new Page<EntityMetadata<T>>(
                    [.. found.Take(size).Select(one => Describe<T>(one.Id, one.State, one.Modified))],
                    more ? after : null);
                if (!more) yield break;
            }
        }

        private bool Matches((EntityInstanceId Id, string State, DateTimeOffset Modified) one) =>
            one.Id.ToString().StartsWith(filter.InstanceIdStartsWith ?? "", StringComparison.Ordinal)
            && one.Modified <= (filter.LastModifiedTo ?? DateTimeOffset.MaxValue)
            && one.Modified >= (filter.LastModifiedFrom ?? DateTimeOffset.MinValue);
    }
}
