using System.Collections.Concurrent;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;

namespace Limiter.Engine.Remotes;

/// <summary>
/// What one remote edge may take of this process: calls and requests a second, and leases. An edge that asks for more
/// loses nothing that it holds. Thread-safe.
/// </summary>
internal sealed class EdgeBounds(TimeProvider clock)
{
    /// <summary>Most calls of one edge in a second.</summary>
    public const int CallsMax = 200;

    /// <summary>Most requests to buckets of one edge in a second.</summary>
    public const int RequestsMax = 20_000;

    /// <summary>
    /// Most leases that were granted or prolonged to one edge and may still stand; beyond that it has exact decisions
    /// only.
    /// </summary>
    public const int LeasesMax = 200_000;

    /// <summary>Most edges at once.</summary>
    public const int EdgesMax = 10_000;

    private const long IdleSeconds = 60;

    private readonly ConcurrentDictionary<ulong, Account> _accounts = new();

    /// <summary>False: the edge has to wait for the next second.</summary>
    public bool TryCall(EdgeId edge, int requests)
    {
        var second = Second();
        if (AccountOf(edge, second) is not { } account) return false;
        lock (account)
        {
            account.MoveTo(second);
            if (account.Calls >= CallsMax || account.Requests + requests > RequestsMax) return false;
            account.Calls++;
            account.Requests += requests;
            return true;
        }
    }

    public bool MayLease(EdgeId edge)
    {
        if (!_accounts.TryGetValue(edge.Value, out var account)) return false;
        lock (account)
        {
            account.MoveTo(Second());
            return account.Leases < LeasesMax;
        }
    }

    /// <summary>A lease was granted or prolonged.</summary>
    public void Leased(EdgeId edge, long durationMs)
    {
        if (durationMs <= 0 || !_accounts.TryGetValue(edge.Value, out var account)) return;
        lock (account) account.Add(Second(), (int)Domain.Ceiling.Divide(durationMs, 1_000));
    }

    private long Second() => clock.GetTimestamp() / clock.TimestampFrequency;

    private Account? AccountOf(EdgeId edge, long second)
    {
        if (_accounts.TryGetValue(edge.Value, out var known)) return known;
        if (_accounts.Count >= EdgesMax) Forget(second);
        return _accounts.Count < EdgesMax ? _accounts.GetOrAdd(edge.Value, static (_, at) => new Account(at), second)
            : null;
    }

    private void Forget(long second)
    {
        foreach (var (edge, account) in _accounts)
            if (second - Volatile.Read(ref account.Second) > IdleSeconds) _accounts.TryRemove(edge, out _);
    }

    // One edge's. By the second in which they end, leases in a ring that is as long as a lease can live.
    private sealed class Account(long second)
    {
        private const int Ring = (int)(Lease.LifetimeMsMax / 1_000) + 2;

        private readonly int[] _ends = new int[Ring];

        public long Second = second;

        public int Calls { get; set; }

        public int Requests { get; set; }

        public int Leases { get; private set; }

        public void MoveTo(long now)
        {
            if (now <= Second) return;
            (Calls, Requests) = (0, 0);
            for (var passed = Math.Max(Second, now - Ring); passed < now; passed++)
            {
                Leases -= _ends[passed % Ring];
                _ends[passed % Ring] = 0;
            }
            Volatile.Write(ref Second, now);
        }

        public void Add(long now, int seconds)
        {
            MoveTo(now);
            _ends[(Second + Math.Min(seconds, Ring - 1)) % Ring]++;
            Leases++;
        }
    }
}
