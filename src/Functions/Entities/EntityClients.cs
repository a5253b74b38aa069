using Limiter.Engine.Ports;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;

namespace Limiter.Functions.Entities;

/// <summary>
/// The way to the entities. The platform hands a client to a function's call only; what is behind it lives as long as
/// the process, so the last one serves renewals between calls too. Thread-safe.
/// </summary>
public sealed class EntityClients
{
    private DurableEntityClient? _last;

    /// <exception cref="BucketsUnavailableException">No function was called yet.</exception>
    public DurableEntityClient Current => Volatile.Read(ref _last)
        ?? throw new BucketsUnavailableException("No function has brought a client of the entities yet.");

    public void Keep(DurableTaskClient client)
    {
        if (!ReferenceEquals(_last, client.Entities)) Volatile.Write(ref _last, client.Entities);
    }
}
