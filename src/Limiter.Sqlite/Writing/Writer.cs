using System.Threading.Channels;
using Limiter.Sqlite.Buckets;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Writing;

/// <summary>
/// The one writer of this process: a bounded queue, emptied by one thread. Whatever waits when the thread comes round
/// is one batch, so the slower the disk, the more requests share a commit; on a fast one it waits for
/// the rest of a <see cref="CommitPace"/>.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    /// <summary>Most requests of one transaction.</summary>
    public const int BatchMax = 1_024;

    private readonly Channel<Work> _queue;
    private readonly WriterSession _session;
    private readonly BucketBatch _buckets;
    private readonly string _file;
    private readonly CommitPace _pace;
    private readonly List<BucketWork> _requests = new(BatchMax);
    private readonly List<ChangeWork> _changes = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _closing = new(false, spinCount: 0);

    public Writer(WriterSession session, BucketBatch buckets, SqliteStoreOptions options)
    {
        _session = session;
        _buckets = buckets;
        _file = options.File;
        _pace = new CommitPace(options.CommitPace, TimeProvider.System);
        _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(options.QueueMax) { SingleReader = true });
        new Thread(Run) { IsBackground = true, Name = "Limiter store writer" }.Start();
    }

    /// <exception cref="StoreException">The queue is full, or the store is closed.</exception>
    public void Post(Work work)
    {
        if (_queue.Writer.TryWrite(work)) return;
        throw new StoreException(_closing.IsSet
            ? $"{_file}: the store is closed."
            : $"{_file}: the store does not keep up; too many requests wait for it.");
    }

    /// <summary>Runs a change on the writer's thread in a transaction of its own; durable when it returns.</summary>
    public Task<T> ChangeAsync<T>(Func<Database, T> change, CancellationToken cancellation)
    {
        var work = new ChangeWork<T>(change, cancellation);
        Post(work);
        return work.Done.WaitAsync(cancellation);
    }

    /// <summary>Does what waits, takes no more, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _closing.Set();
        _queue.Writer.TryComplete();
        await _ended.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        try
        {
            while (Wait())
            {
                if (_pace.Left is { Ticks: > 0 } left) _closing.Wait(left);
                Take();
                _pace.Begin(_requests.Count);
                if (_requests.Count > 0) _buckets.Run(_session, _requests);
                foreach (var change in _changes) Run(change);
            }
            _session.Dispose();
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>
    /// Blocks this thread, which is the writer's own. False when the store is closed and all is done.
    /// </summary>
    private bool Wait()
    {
        var wait = _queue.Reader.WaitToReadAsync();
        return wait.IsCompletedSuccessfully ? wait.Result : wait.AsTask().GetAwaiter().GetResult();
    }

    private void Take()
    {
        _requests.Clear();
        _changes.Clear();
        while (_requests.Count + _changes.Count < BatchMax && _queue.Reader.TryRead(out var work))
        {
            if (work.IsAbandoned) work.Fail(new OperationCanceledException());
            else if (work is BucketWork request) _requests.Add(request);
            else _changes.Add((ChangeWork)work);
        }
    }

    private void Run(ChangeWork work)
    {
        try
        {
            _session.Commit((database, _) => work.Change(database));
            work.Complete();
        }
        catch (Exception exception)
        {
            work.Fail(exception);
        }
    }
}
