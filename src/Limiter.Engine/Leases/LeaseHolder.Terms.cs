using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

// Which terms the book is kept under, and what it can say of demands under others.
internal sealed partial class LeaseHolder
{
    private bool IsBehind_NeedsLock(Terms terms) => terms.Version > _book.Terms.Version;

    // Of a policy that was in force before, and that had the limits at other positions.
    private bool IsOutdated_NeedsLock(Terms terms) =>
        terms.Version < _book.Terms.Version && !_book.Terms.HasLayoutOf(terms);

    // Whether the book can say anything of a demand under these terms.
    private bool Speaks_NeedsLock(Terms terms) => !IsBehind_NeedsLock(terms) && _book.Terms.HasLayoutOf(terms);

    private void AdoptLatest_NeedsLock()
    {
        var latest = _book.Terms;
        for (var waiter = _waiters.First; waiter is not null; waiter = _waiters.After(waiter))
            if (waiter.Demand.Terms.Version > latest.Version) latest = waiter.Demand.Terms;
        if (!IsBehind_NeedsLock(latest)) return;
        Adopt_NeedsLock(latest);
        for (var count = _waiters.Count; count > 0; count--)
        {
            var waiter = _waiters.Dequeue();
            if (IsOutdated_NeedsLock(waiter.Demand.Terms)) Complete(waiter, WaitOutcome.Outdated);
            else _waiters.Enqueue(waiter);
        }
    }

    private void Adopt_NeedsLock(Terms terms)
    {
        _book.Adopt(terms);
        _denials.Clear();
    }
}
