using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Writing;

/// <summary>What waits in the writer's queue.</summary>
internal abstract class Work
{
    /// <summary>Its caller has gone: it need not be done, and <see cref="Fail"/> is called.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>Ends it with an exception, from which its caller's port makes its own.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>A change in a transaction of its own.</summary>
internal abstract class ChangeWork : Work
{
    /// <summary>Runs within the transaction, perhaps several times.</summary>
    public abstract void Change(Database database);

    /// <summary>It is durable.</summary>
    public abstract void Complete();
}

/// <inheritdoc cref="ChangeWork"/>
internal sealed class ChangeWork<T>(Func<Database, T> change, CancellationToken cancellation) : ChangeWork
{
    // The caller goes on elsewhere: the writer's thread has more to do.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Done => _done.Task;

    public override bool IsAbandoned => cancellation.IsCancellationRequested;

    public override void Change(Database database) => _result = change(database);

    public override void Complete() => _done.TrySetResult(_result);

    public override void Fail(Exception exception)
    {
        _done.TrySetException(exception);
        // Its caller may have gone: then nobody looks at the exception, and that is no news.
        _ = _done.Task.Exception;
    }
}
