using Limiter.Domain;
using Limiter.Engine.Ports;

namespace Limiter.Engine.InMemory;

/// <summary>The journal of remembered checks in this process's memory.</summary>
/// <param name="clock">By which checks grow old.</param>
/// <param name="checksMax">Most checks held, oldest out first; at least 1.</param>
public sealed class InMemoryRememberedChecks(TimeProvider clock, int checksMax = IRememberedChecks.LoadMax)
    : IRememberedChecks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RememberedCheck> _byId = new(StringComparer.Ordinal);
    private readonly SortedSet<(Instant At, string Id)> _byTime = new(new ByTime());

    public ValueTask SaveAsync(IReadOnlyList<RememberedCheck> checks, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(checks.Count, IRememberedChecks.SaveMax);
        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled(cancellation);
        lock (_gate)
        {
            foreach (var check in checks)
            {
                Forget(check.Id);
                _byId.Add(check.Id, check);
                _byTime.Add((check.At, check.Id));
            }
            var oldest = Instant.From(clock.GetUtcNow()) + -IRememberedChecks.LifetimeMs;
            while (_byTime.Count > 0 && (_byTime.Count > checksMax || _byTime.Min.At < oldest)) Forget(_byTime.Min.Id);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<RememberedCheck>> LoadAsync(Instant since, int take, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, IRememberedChecks.LoadMax);
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<IReadOnlyList<RememberedCheck>>(cancellation);
        lock (_gate)
        {
            var found = _byTime.Reverse().TakeWhile(entry => entry.At >= since).Take(take);
            return ValueTask.FromResult<IReadOnlyList<RememberedCheck>>(
                [.. found.Select(entry => _byId[entry.Id]).Reverse()]);
        }
    }

    private void Forget(string id)
    {
        if (_byId.Remove(id, out var check)) _byTime.Remove((check.At, id));
    }

    private sealed class ByTime : IComparer<(Instant At, string Id)>
    {
        public int Compare((Instant At, string Id) x, (Instant At, string Id) y) =>
            x.At != y.At ? x.At.CompareTo(y.At) : string.CompareOrdinal(x.Id, y.Id);
    }
}
