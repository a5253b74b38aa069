using System.Text.Json;

namespace Limiter.Client.Remote;

/// <summary>
/// Puts questions that come at the same time into one call: the first goes at once, those that come while calls are
/// under way go together with the next. Bounded in calls, questions and bytes, and paced. Thread-safe.
/// </summary>
/// <param name="itemsMax">Most questions of one call.</param>
/// <param name="pace">When calls may be made; others may share it.</param>
/// <param name="call">Makes a call; it answers or fails every question.</param>
/// <param name="shares">Whether a question that waits to be sent serves all who ask the same until then.</param>
internal sealed class Batching<TAnswer>(
    int itemsMax, CallPace pace, Func<IReadOnlyList<Question<TAnswer>>, Task> call, bool shares = false)
{
    /// <summary>Most calls under way, or waiting for their time.</summary>
    public const int CallsMax = 4;

    /// <summary>Most questions that wait; a further one fails.</summary>
    public const int WaitingMax = 20_000;

    /// <summary>Most bytes of one call's questions; the limiter reads 64 KiB.</summary>
    public const int BytesMax = 60 * 1024;

    private readonly Lock _gate = new();
    // Of each name the first that waits, in the order in which they came; the others of its name stand in line behind
    // it. While no answers come, what is asked again and again is not looked through at every call.
    private readonly PriorityQueue<Queue<Question<TAnswer>>, long> _first = new();
    private readonly Dictionary<(string Name, bool IsSecond), Queue<Question<TAnswer>>> _lines = [];
    private int _waiting;
    private long _asked;
    private int _calls;

    /// <exception cref="RemoteException">Too many wait, or the call failed.</exception>
    public Task<TAnswer> AskAsync(Question<TAnswer> question)
    {
        lock (_gate)
        {
            if (shares && _lines.TryGetValue((question.Name, question.IsSecond), out var same))
                return same.Peek().Task;
            if (_waiting >= WaitingMax)
            {
                question.Fail(new RemoteException("Too many questions wait for the limiter."));
                return question.Task;
            }
            Add(question);
            if (_calls >= CallsMax) return question.Task;
            _calls++;
        }
        _ = CallAsync();
        return question.Task;
    }

    private async Task CallAsync()
    {
        while (Take(out var pause) is { } batch)
        {
            if (batch.Count == 0)
            {
                await Task.Delay(pause, pace.Clock).ConfigureAwait(false);
                continue;
            }
            try
            {
                await call(batch).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever went wrong, those who asked need to hear of it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                foreach (var question in batch) question.Fail(failure);
            }
            foreach (var question in batch)
                if (!question.Task.IsCompleted)
                    question.Fail(new RemoteException($"The limiter left out {question.Name}."));
        }
    }

    private void Add(Question<TAnswer> question)
    {
        question.Order = _asked++;
        _waiting++;
        var name = (question.Name, question.IsSecond);
        if (_lines.TryGetValue(name, out var line))
        {
            line.Enqueue(question);
            return;
        }
        line = new Queue<Question<TAnswer>>(1);
        line.Enqueue(question);
        _lines.Add(name, line);
        _first.Enqueue(line, question.Order);
    }

    // Null: nothing waits. Empty: it is not time yet. Each name once a call: what is asked twice goes with the next.
    private List<Question<TAnswer>>? Take(out TimeSpan pause)
    {
        List<Question<TAnswer>> batch;
        pause = default;
        lock (_gate)
        {
            if (_waiting == 0)
            {
                _calls--;
                return null;
            }
            pause = pace.Next();
            if (pause > TimeSpan.Zero) return [];
            batch = Take();
        }
        pace.Carries(batch.Count);
        return batch;
    }

    private List<Question<TAnswer>> Take()
    {
        var batch = new List<Question<TAnswer>>(Math.Min(_first.Count, itemsMax));
        var lines = new List<Queue<Question<TAnswer>>>(batch.Capacity);
        var bytes = 0;
        while (batch.Count < itemsMax && _first.TryPeek(out var line, out _))
        {
            if (bytes > 0 && bytes + line.Peek().Bytes > BytesMax) break;
            _first.Dequeue();
            lines.Add(line);
            batch.Add(line.Dequeue());
            bytes += batch[^1].Bytes;
        }
        _waiting -= batch.Count;
        for (var i = 0; i < lines.Count; i++)
            if (lines[i].TryPeek(out var next)) _first.Enqueue(lines[i], next.Order);
            else _lines.Remove((batch[i].Name, batch[i].IsSecond));
        return batch;
    }
}

/// <summary>One question of a call, and the promise of its answer.</summary>
/// <param name="name">What it is asked about: a bucket, a digest, a tenant.</param>
/// <param name="body">What is asked; null when the name says it.</param>
/// <param name="continuing">How whoever asked goes on.</param>
internal sealed class Question<TAnswer>(
    string name, byte[]? body = null,
    TaskCreationOptions continuing = TaskCreationOptions.RunContinuationsAsynchronously)
    : TaskCompletionSource<TAnswer>(continuing)
{
    public string Name => name;

    public byte[]? Body => body;

    /// <summary>Whether it belongs to the second of a call's two lists: corrections, or digests.</summary>
    public bool IsSecond { get; init; }

    /// <summary>Its place among those that were asked.</summary>
    public long Order { get; set; }

    /// <summary>What a failure is to whoever asked; null: what it is.</summary>
    public Func<Exception, Exception>? Telling { get; init; }

    /// <summary>Answered already, it stays so.</summary>
    public void Fail(Exception failure) => TrySetException(Telling is null ? failure : Telling(failure));

    /// <summary>What it takes in a call's JSON.</summary>
    public int Bytes => name.Length * 2 + (body?.Length ?? 0) * 4 / 3 + 16;

    public void Write(Utf8JsonWriter json) => json.WriteBase64String(name, body);
}
