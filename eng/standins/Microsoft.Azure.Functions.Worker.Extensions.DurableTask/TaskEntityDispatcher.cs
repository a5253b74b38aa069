using Microsoft.DurableTask.Entities;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Decodes a batch of the Functions host's, so it exists only there: tests run an entity directly.</summary>
public sealed class TaskEntityDispatcher
{
    internal TaskEntityDispatcher()
    {
    }

    public Task DispatchAsync(ITaskEntity entity) => throw NotHere();

    public Task DispatchAsync<T>() => throw NotHere();

    public Task DispatchAsync(Func<TaskEntityOperation, ValueTask<object?>> handler) => throw NotHere();

    private static NotSupportedException NotHere() => new("A stand-in dispatches no batches.");
}
