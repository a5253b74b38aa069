using System.Security.Cryptography;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Engine.Callers;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Checks;

/// <summary>
/// Makes a repeated check count once: an admission under an id is remembered for ten minutes, at most 100,000 of them,
/// the oldest leaving first. A second check of the same id waits for the first. With a journal, written behind the
/// answers, a restarted process remembers too. Thread-safe.
/// </summary>
/// <param name="clock">The time of answers.</param>
/// <param name="journal">Where admissions are kept beyond this process; null for nowhere.</param>
/// <param name="edge">Told of a journal that fails.</param>
internal sealed class RememberedAdmissions(TimeProvider clock, IRememberedChecks? journal, Edge edge)
{
    public const long LifetimeMs = 10 * 60 * 1000;
    public const int CountMax = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<Entry> _byAge = new();

    // Kept and not yet in the journal, oldest first.
    private readonly Queue<(Entry Entry, Decision Answer)> _unsaved = new();
    private int _saving;

    /// <summary>
    /// Takes in what the journal holds of the last ten minutes; the answers that reserve something are returned.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The journal cannot be reached.</exception>
    public async ValueTask<IReadOnlyList<Decision>> LoadAsync(PolicyInForce policy, CancellationToken cancellation)
    {
        if (journal is null) return [];
        var reserving = new List<Decision>();
        var since = Instant.From(clock.GetUtcNow()) + -LifetimeMs;
        foreach (var check in await journal.LoadAsync(since, CountMax, cancellation).ConfigureAwait(false))
        {
            if (AnswerCodec.Decode(check.Answer, policy) is not { } answer) continue;
            var entry = new Entry(check.Id, Convert.ToHexString(check.Fingerprint), check.At);
            entry.Answer.SetResult(answer);
            lock (_gate)
            {
                if (_entries.TryAdd(entry.Id, entry)) _byAge.Enqueue(entry);
            }
            if (answer.ReservedUntil is not null) reserving.Add(answer);
        }
        return reserving;
    }

    /// <summary>
    /// Writes what is new to the journal; what it does not take is tried again, as long as it is remembered.
    /// </summary>
    public async ValueTask SaveAsync(CancellationToken cancellation)
    {
        if (journal is null || Interlocked.Exchange(ref _saving, 1) != 0) return;
        try
        {
            while (Unsaved() is { Count: > 0 } batch)
            {
                await journal.SaveAsync(batch, cancellation).ConfigureAwait(false);
                lock (_gate)
                    for (var i = 0; i < batch.Count; i++) _unsaved.Dequeue();
            }
        }
        catch (StoreUnavailableException failure)
        {
            edge.OnFailure(failure);
        }
#pragma warning disable CA1031 // What the journal cannot take must not stop it for good.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            edge.OnFailure(failure);
            lock (_gate) _unsaved.Clear();
        }
        finally
        {
            Volatile.Write(ref _saving, 0);
        }
    }

    /// <summary>Decides a check that carries an id, or repeats the answer it had.</summary>
    public async ValueTask DecideOnceAsync(
        Check check, Decision decision, Checker checker, CancellationToken cancellation)
    {
        var fingerprint = Fingerprint(check);
        while (true)
        {
            var (entry, isNew) = Find(check.Id!, fingerprint);
            if (isNew)
            {
                await DecideAsync(entry, check, decision, checker, cancellation).ConfigureAwait(false);
                return;
            }
            var answer = await entry.Answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
            // The first was not admitted, so nothing was consumed: this one is decided on its own.
            if (answer is null) continue;
            if (entry.Fingerprint == fingerprint) decision.CopyFrom(answer);
            else Reuse(decision, answer);
            return;
        }
    }

    private async ValueTask DecideAsync(
        Entry entry, Check check, Decision decision, Checker checker, CancellationToken cancellation)
    {
        Decision? answer = null;
        try
        {
            await checker.DecideAsync(check, decision, looks: false, cancellation).ConfigureAwait(false);
            if (decision.Outcome == Outcome.Allowed) answer = decision.Snapshot();
        }
        finally
        {
            if (answer is null) Drop(entry);
            else Keep(entry, answer);
            edge.Handoff.Post(static done => done.Entry.Answer.SetResult(done.Answer), (Entry: entry, Answer: answer));
        }
    }

    private (Entry Entry, bool IsNew) Find(string id, string fingerprint)
    {
        var now = Instant.From(clock.GetUtcNow());
        lock (_gate)
        {
            while (_byAge.TryPeek(out var oldest) && now - oldest.At >= LifetimeMs)
                _entries.Remove(_byAge.Dequeue().Id);
            if (_entries.TryGetValue(id, out var found)) return (found, false);
            var entry = new Entry(id, fingerprint, now);
            _entries.Add(id, entry);
            return (entry, true);
        }
    }

    private void Keep(Entry entry, Decision answer)
    {
        lock (_gate)
        {
            if (_byAge.Count >= CountMax) _entries.Remove(_byAge.Dequeue().Id);
            _byAge.Enqueue(entry);
            // While one is being saved, the first of these are in its hands.
            if (journal is not null && _unsaved.Count < CountMax) _unsaved.Enqueue((entry, answer));
        }
    }

    private IReadOnlyList<RememberedCheck> Unsaved()
    {
        lock (_gate)
        {
            // Nearly always, and asked every second.
            if (_unsaved.Count == 0) return [];
            return [.. _unsaved.Take(IRememberedChecks.SaveMax).Select(kept => new RememberedCheck(
                kept.Entry.Id, Convert.FromHexString(kept.Entry.Fingerprint), AnswerCodec.Encode(kept.Answer),
                kept.Entry.At))];
        }
    }

    private void Drop(Entry entry)
    {
        lock (_gate) _entries.Remove(entry.Id);
    }

    // Whoever sent the other request is not told whose id it was.
    private static void Reuse(Decision decision, Decision answer)
    {
        decision.Clear();
        (decision.Policy, decision.At) = (answer.Policy, answer.At);
        decision.Outcome = Outcome.Refused;
        decision.Refusal = Refusal.IdReused;
    }

    private static string Fingerprint(in Check check)
    {
        // A separator that no field can hold keeps distinct checks distinct.
        var text = string.Join('\0', [
            check.Credential, check.Tenant, check.Key, check.Address?.ToString(), check.Method, check.Path,
            check.Cost?.ToString(), check.Records?.ToString()]);
        if (check.ReserveMs is { } reserved) text += $"\0{reserved}";
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private sealed class Entry(string id, string fingerprint, Instant at)
    {
        public string Id { get; } = id;

        public string Fingerprint { get; } = fingerprint;

        public Instant At { get; } = at;

        /// <summary>The admission; null when it was none.</summary>
        public TaskCompletionSource<Decision?> Answer { get; } = new();
    }
}
