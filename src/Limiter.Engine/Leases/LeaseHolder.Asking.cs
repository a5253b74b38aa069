using System.Collections.Immutable;
using System.Numerics;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

// The conversation with the bucket.
internal sealed partial class LeaseHolder
{
    /// <summary>Most requests that wait for one bucket; a further one counts as unreachable.</summary>
    public const int WaitersMax = 10_000;

    // Tokens set aside for a request that needs several buckets are held at least this long.
    private const long SetAsideMs = 1_000;

    private bool _renew;

    // Set once this holder is to settle everything.
    private TaskCompletionSource? _closed;

    /// <summary>
    /// Looks after a holder that nobody may be using: reports what it owes, and retires when nothing is left to tell.
    /// </summary>
    /// <returns>True when it has retired.</returns>
    public bool Tend(in EdgeTime now)
    {
        lock (_book)
        {
            if (_inFlight || _waiters.Count > 0 || _book.Lease.IsValid(edge, now)) return false;
            if (OwesWord_NeedsLock() || _book.HoldsAnything)
            {
                if (!edge.Outage.IsBarred()) StartAsking_NeedsLock(renew: false);
                return false;
            }
            if (edge.Elapsed(now, _lastUse) < edge.Options.LifetimeMs) return false;
            _isRetired = true;
            return true;
        }
    }

    /// <summary>Stops spending and tells the bucket everything, before this process ends.</summary>
    public Task CloseAsync()
    {
        lock (_book)
        {
            _book.Recall();
            if (!_inFlight && !OwesWord_NeedsLock()) return Task.CompletedTask;
            // What is under way may bring tokens: they go back too, before this is done.
            _closed ??= new TaskCompletionSource();
            if (_inFlight) return _closed.Task;
            _inFlight = true;
        }
        return AskAsync();
    }

    private bool OwesWord_NeedsLock() => _book.HasReport || _book.OwesAnything || _book.HasUnacknowledged || _isUnheard;

    private void StartAsking_NeedsLock(bool renew)
    {
        _inFlight = true;
        _renew = renew;
        // The caller holds the lock, and a bucket in this process may answer at once.
        edge.Handoff.Post(static holder => _ = holder.AskAsync(), this);
    }

    private async Task AskAsync()
    {
        try
        {
            // On to those who came, or were left, meanwhile.
            while (await AskOnceAsync().ConfigureAwait(false)) { }
        }
#pragma warning disable CA1031 // A bug, or a reply that makes no sense: nobody may wait for ever because of it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            edge.OnFailure(failure);
            lock (_book)
            {
                FailAll_NeedsLock();
                (_inFlight, _renew) = (false, false);
                CompleteClose_NeedsLock();
            }
        }
    }

    // True while there is more to ask.
    private async Task<bool> AskOnceAsync()
    {
        Waiter? first;
        ReserveRequest request;
        EdgeTime sent;
        lock (_book)
        {
            sent = edge.Now();
            AdoptLatest_NeedsLock();
            first = _waiters.First;
            request = Build_NeedsLock(first, sent);
        }
        var reply = await SendAsync(request).ConfigureAwait(false);
        lock (_book)
        {
            Conclude_NeedsLock(request, reply, first, sent);
            _renew = false;
            if (_closed is not null) _book.Recall();
            if (reply is not null && (_waiters.Count > 0 || (_closed is not null && OwesWord_NeedsLock()))) return true;
            _inFlight = false;
            CompleteClose_NeedsLock();
            return false;
        }
    }

    private ReserveRequest Build_NeedsLock(Waiter? first, in EdgeTime now)
    {
        if (!_book.Lease.IsValid(edge, now)) _book.End();
        // A bucket that was asked only once needs no lease: the tokens are spent where they are.
        var inUse = _waiters.Count > 1 || _renew || first is { SetsAside: true };
        for (var waiter = first; waiter is not null; waiter = _waiters.After(waiter)) waiter.IsCarried = true;
        var recent = edge.Elapsed(now, _lastUse) < edge.Options.LifetimeMs * 2 && _lastUse != default;
        var lifetime = (recent || inUse) && _closed is null ? edge.Options.LifetimeMs : 0;
        if (first is { SetsAside: true }) lifetime = Math.Max(lifetime, SetAsideMs);
        if (first is not null || _renew) _lastUse = now;
        var looksOnly = first is null or { Demand.Cost: 0 } && _waiters.Count <= 1 && !_renew;
        var wants = looksOnly ? [] : Wants_NeedsLock(first, lifetime, now);
        // Heard is only what is saved: a host that was replaced answers one who looks, too. A want of nothing is saved.
        if (_isUnheard && wants.IsEmpty) wants = [new Want(_book.Terms.Limits[0].Rule.Id, 0, 0, 0)];
        _book.RollShadows(_book.LatestNow(now));
        var (reports, owed) = _book.Report();
        return new ReserveRequest(
            edge.Id, edge.NextNumber(), _book.LastReceived, _book.Terms, lifetime, [.. reports], wants, [.. owed])
        { LastGranted = _book.LastGranted };
    }

    private ImmutableArray<Want> Wants_NeedsLock(Waiter? first, long lifetime, in EdgeTime now)
    {
        if (first is not null) EarmarkOrReturn_NeedsLock(first, now);
        Span<long> waitingFor = stackalloc long[Terms.LimitsMax];
        SumWaiting_NeedsLock(waitingFor);
        var wants = ImmutableArray.CreateBuilder<Want>(_book.Length);
        for (var position = 0; position < _book.Length; position++)
        {
            ref var limit = ref _book[position];
            var least = first is not null && (first.Demand.Mask & ~first.Earmarked & (1u << position)) != 0
                ? first.Demand.Cost : 0;
            var waiting = Math.Max(least, waitingFor[position] - limit.Balance);
            var like = lifetime == 0 ? waiting : waiting + Wish(ref limit, position, least, now);
            // A lease that holds enough has to go on all the same: only a want makes the bucket prolong it.
            if (_renew && limit.Balance > 0) like = Math.Max(1, like);
            like = Math.Min(like, Schedule.NumberMax);
            if (like > 0) wants.Add(new Want(_book.Terms.Limits[position].Rule.Id, least, waiting, like));
            limit.Used = 0;
        }
        _askedAt = now;
        return wants.DrainToImmutable();
    }

    // Once through the line, which may be long, for all limits together.
    private void SumWaiting_NeedsLock(Span<long> waitingFor)
    {
        for (var waiter = _waiters.First; waiter is not null; waiter = _waiters.After(waiter))
            for (var mask = waiter.Demand.Mask & ~waiter.Earmarked; mask != 0; mask &= mask - 1)
                waitingFor[BitOperations.TrailingZeroCount(mask)] += waiter.Demand.Cost;
    }

    // The limits that can serve the first request set its tokens aside; the others give back all they have, so that the
    // bucket decides about the whole.
    private void EarmarkOrReturn_NeedsLock(Waiter first, in EdgeTime now)
    {
        first.Earmarked = 0;
        first.Tries++;
        if (first.Demand.Cost == 0) return;
        var valid = _book.Lease.IsValid(edge, now);
        for (var mask = first.Demand.Mask; mask != 0; mask &= mask - 1)
        {
            var position = BitOperations.TrailingZeroCount(mask);
            if (valid && _book[position].Balance >= first.Demand.Cost) first.Earmarked |= 1u << position;
            else _book[position].ReturnBalance();
        }
        _book.Earmark(first.Earmarked, first.Demand.Cost);
    }
}
