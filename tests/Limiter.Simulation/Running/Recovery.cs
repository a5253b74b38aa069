using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Running;

/// <summary>Tells the auditor what a bucket charged of what an edge had admitted without it.</summary>
internal static class Recovery
{
    public static void Tell(
        Accounts accounts, Losses losses, BucketSite site, ReserveRequest request, BucketState? before,
        BucketState after, int edge)
    {
        var entry = before?.Find(request.Edge);
        var earlier = entry is not null && request.LastReceived < entry.Number ? entry.AppliedOwed : null;
        var applied = after.Find(request.Edge)?.AppliedOwed;
        // Charged again, perhaps: that errs against admission.
        var isAgain = entry is null && losses.IsForgotten(request.Edge);
        foreach (var owed in request.Owed)
        {
            var position = after.Terms.PositionOf(owed.Limit);
            if (position < 0 || accounts.Find(site, owed.Limit) is not { } account) continue;
            var (known, all) = (earlier?[position] ?? 0, applied?[position] ?? owed.Tokens);
            var total = 0L;
            foreach (var (at, tokens) in owed.Spends)
            {
                var fresh = Math.Min(total + tokens, all) - Math.Max(total, known);
                total += tokens;
                if (fresh <= 0) continue;
                if (isAgain) account.Lose(edge, after.Now, fresh);
                else account.Recover(edge, at, after.Now, fresh);
            }
        }
    }
}
