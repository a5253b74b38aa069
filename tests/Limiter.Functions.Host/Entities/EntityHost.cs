using System.Collections.Concurrent;
using System.Text.Json;
using Limiter.Domain.Buckets;
using Microsoft.DurableTask.Entities;

namespace Limiter.Functions.Host.Entities;

/// <summary>
/// Runs entities: one operation of an entity at a time, each by an object of its own, its state saved or, when it
/// throws, left as it was. Delivery is as kind as it is told to be.
/// </summary>
/// <param name="create">Makes the entity of a name.</param>
/// <param name="clock">Stamps what is saved.</param>
/// <param name="delivery">How signals arrive.</param>
public sealed class EntityHost(Func<string, ITaskEntity> create, TimeProvider clock, Delivery delivery)
{
    /// <summary>No request is under way for longer: the protocol forgets an edge then.</summary>
    private static readonly TimeSpan UnderWayMax = TimeSpan.FromMilliseconds(Lease.LateMsMax);

    private readonly ConcurrentDictionary<EntityInstanceId, StoredEntity> _entities = new();
    private readonly ConcurrentQueue<Exception> _failures = new();
    private long _operations;
    private long _reads;
    private long _refused;

    /// <summary>Operations that were run, repeated ones included.</summary>
    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>Times that an entity's state was read.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>What operations threw.</summary>
    public IReadOnlyCollection<Exception> Failures => _failures;

    /// <summary>Signals and reads that came while the store was down or silent.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Set: the store fails whatever it is asked.</summary>
    public bool IsDown { get; set; }

    /// <summary>Set: the store takes no signal and gives no answer, and nobody is told.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The entities that have a state, with its JSON.</summary>
    public IReadOnlyDictionary<string, string> States() => _entities.Values.Where(one => one.State is not null)
        .ToDictionary(one => one.Id.Key, one => one.State!, StringComparer.Ordinal);

    /// <summary>Puts a state in place, as another version would have left it.</summary>
    public void Place(EntityInstanceId id, string state)
    {
        var entity = _entities.GetOrAdd(id, key => new StoredEntity(key));
        lock (entity.Gate) (entity.State, entity.LastModified) = (state, clock.GetUtcNow());
    }

    /// <summary>Runs everything that still waits, and what comes again, until nothing does.</summary>
    public void Settle()
    {
        foreach (var entity in _entities.Values)
            lock (entity.Gate)
                while (entity.Waiting.Count > 0) RunOne_NeedsLock(entity);
    }

    /// <summary>To be asked before anything else: completes unless the store is silent.</summary>
    internal Task HearAsync(CancellationToken cancellation)
    {
        if (!IsSilent) return Task.CompletedTask;
        Interlocked.Increment(ref _refused);
        return new TaskCompletionSource().Task.WaitAsync(cancellation);
    }

    internal void Signal(EntityInstanceId id, string operation, object? input)
    {
        ThrowIfDown();
        var entity = _entities.GetOrAdd(id, key => new StoredEntity(key));
        lock (entity.Gate)
        {
            var message = input is null ? null : JsonSerializer.Serialize(input);
            entity.Waiting.Add(new Signal(operation, message, clock.GetUtcNow()));
            if (delivery.IsPrompt) RunOne_NeedsLock(entity);
        }
    }

    internal (string? State, DateTimeOffset Modified, int Waiting) Read(EntityInstanceId id)
    {
        ThrowIfDown();
        Interlocked.Increment(ref _reads);
        if (!_entities.TryGetValue(id, out var entity)) return default;
        lock (entity.Gate)
        {
            entity.Waiting.RemoveAll(signal => clock.GetUtcNow() - signal.SentAt >= UnderWayMax);
            while (entity.Waiting.Count > 0 && delivery.RunsNow()) RunOne_NeedsLock(entity);
            return (entity.State, entity.LastModified, entity.Waiting.Count);
        }
    }

    internal IEnumerable<(EntityInstanceId Id, string State, DateTimeOffset Modified)> All()
    {
        ThrowIfDown();
        return _entities.Values.OrderBy(one => one.Id.Key, StringComparer.Ordinal).Select(Look)
            .Where(one => one.State is not null).Select(one => (one.Id, one.State!, one.Modified));

        static (EntityInstanceId Id, string? State, DateTimeOffset Modified) Look(StoredEntity entity)
        {
            lock (entity.Gate) return (entity.Id, entity.State, entity.LastModified);
        }
    }

    internal int Clean() =>
        _entities.Count(one => one.Value is { State: null, Waiting.Count: 0 } && _entities.TryRemove(one));

    private void ThrowIfDown()
    {
        if (!IsDown) return;
        Interlocked.Increment(ref _refused);
        throw new IOException("The store of the entities is down.");
    }

    private void RunOne_NeedsLock(StoredEntity entity)
    {
        var at = delivery.Next(entity.Waiting.Count);
        var signal = entity.Waiting[at];
        entity.Waiting.RemoveAt(at);
        var operation = new Operation(entity.Id, signal.Operation, signal.Input, entity.State);
        Interlocked.Increment(ref _operations);
        try
        {
            var running = create(entity.Id.Name).RunAsync(operation).AsTask();
            if (!running.IsCompleted) throw new InvalidOperationException($"{signal.Operation} waits for something.");
            running.GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // The host logs it; the operation has no effect.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failures.Enqueue(e);
            return;
        }
        if (delivery.DiesBeforeSaving())
        {
            entity.Waiting.Add(signal);
            return;
        }
        (entity.State, entity.LastModified) = (operation.Saved, clock.GetUtcNow());
        if (delivery.ComesAgain()) entity.Waiting.Add(signal);
    }
}
