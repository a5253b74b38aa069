using Microsoft.DurableTask.Entities;

namespace Limiter.Functions.Host.Entities;

internal readonly record struct Signal(string Operation, string? Input, DateTimeOffset SentAt);

/// <summary>An entity as the host keeps it. Everything under its own lock.</summary>
internal sealed class StoredEntity(EntityInstanceId id)
{
    public Lock Gate { get; } = new();

    public EntityInstanceId Id { get; } = id;

    /// <summary>As JSON; null when there is none.</summary>
    public string? State { get; set; }

    public DateTimeOffset LastModified { get; set; }

    /// <summary>Signals that have not been run, or will be again.</summary>
    public List<Signal> Waiting { get; } = [];
}
