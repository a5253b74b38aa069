using Limiter.Functions.Entities;

namespace Limiter.Functions.Host.Entities;

/// <summary>Buckets as durable entities in this process's memory, without HTTP around them.</summary>
/// <param name="Buckets">The buckets.</param>
/// <param name="Host">What runs their entities.</param>
public sealed record EntityRoom(DurableBuckets Buckets, EntityHost Host)
{
    public static EntityRoom Open(TimeProvider clock, Delivery delivery)
    {
        var host = new EntityHost(_ => new BucketEntity(clock), clock, delivery);
        var clients = new EntityClients();
        clients.Keep(HostEntityClient.For(host));
        return new EntityRoom(new DurableBuckets(clients, clock, new HastyClock()), host);
    }
}
