using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>Brings a bucket under newer terms.</summary>
internal static class TermsChange
{
    /// <summary>
    /// Takes over terms with a higher version. What was used stays: under another rule as if used now, and what leases
    /// hold of it as if spent at their expiry. Such a lease ends, so that it is not made to live longer.
    /// </summary>
    public static void Adopt(BucketState state, Terms terms)
    {
        if (terms.Version <= state.Terms.Version) return;
        Span<int> kept = stackalloc int[terms.Limits.Length];
        var counters = new LimitCounter[terms.Limits.Length];
        for (var i = 0; i < counters.Length; i++)
        {
            var limit = terms.Limits[i];
            var old = state.Terms.PositionOf(limit.Rule.Id);
            kept[i] = old >= 0 && state.Terms.Limits[old].Rule == limit.Rule ? old : -1;
            counters[i] = kept[i] >= 0 ? state.Counters[old] : LimitCounter.Create(limit.Rule, state.Now);
            counters[i].Advance(state.Now, limit.Schedule);
            if (kept[i] < 0 && old >= 0) Convert(state, old, counters[i], limit.Schedule.At(state.Now));
        }
        for (var i = 0; i < state.Edges.Count; i++)
        {
            var edge = state.Own(i);
            if (edge.Open is { } open && Loses(open, kept)) state.End(edge);
            edge.Remap(kept);
        }
        (state.Terms, state.Counters) = (terms, counters);
    }

    private static void Convert(BucketState state, int old, LimitCounter to, long number)
    {
        var used = state.Counters[old].Used(state.Now);
        foreach (var (expiry, tokens) in state.OutstandingOf(old))
        {
            // Granted tokens of the window in force are in its count; the other algorithms list theirs apart.
            if (state.Counters[old] is FixedCounter windows && expiry > windows.Current.Start) used -= tokens;
            Hold(state, to, tokens, expiry);
        }
        if (state.Counters[old] is FixedCounter { Held: { Tokens: > 0 } held })
        {
            used -= held.Tokens;
            Hold(state, to, held.Tokens, held.Until);
        }
        used = Math.Max(0, used);
        // An hour's use is no debt of a minute: it fills the window, or empties the bucket, and no more.
        if (to is FixedCounter) to.Grant(used);
        else to.Spend(to is TokenCounter ? Math.Min(used, number) : used, state.Now, state.Now);
    }

    private static void Hold(BucketState state, LimitCounter counter, long tokens, Instant until)
    {
        if (counter is FixedCounter charged) charged.Hold(tokens, until);
        else counter.Spend(tokens, until, state.Now);
    }

    private static bool Loses(Lease lease, ReadOnlySpan<int> kept)
    {
        for (var i = 0; i < lease.Holdings.Length; i++)
            if (lease.Holdings[i].Tokens > 0 && !kept.Contains(i)) return true;
        return false;
    }
}
