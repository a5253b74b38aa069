using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Escrow;

/// <summary>A lease in a model edge's memory.</summary>
internal sealed class HeldLease(long opened)
{
    public long Opened { get; } = opened;

    /// <summary>First moment at which it may not be spent any more, by the edge's clock.</summary>
    public Instant Until { get; set; }

    public Dictionary<LimitId, Purse> Purses { get; } = [];

    public bool IsSettled => Purses.Values.All(purse => purse is { Left: 0, Log.Total: 0, Returned: 0 });

    public Purse PurseOf(LimitId limit)
    {
        if (!Purses.TryGetValue(limit, out var purse)) Purses[limit] = purse = new Purse();
        return purse;
    }

    /// <summary>Stops spending for good: what is left goes back with the next report.</summary>
    public void Close()
    {
        foreach (var purse in Purses.Values) purse.Return();
        Until = default;
    }

    public LeaseReport Report() => new(
        Opened, [.. Purses.Select(pair => new LimitReport(pair.Key, pair.Value.Log.ToReport(), pair.Value.Returned))]);

    internal sealed class Purse
    {
        public SpendLog Log;

        public long Left { get; set; }

        public long Returned { get; set; }

        /// <summary>Of a token bucket, as its last reply told.</summary>
        public long Rate { get; set; }

        public void Return()
        {
            Returned += Left;
            Left = 0;
            Log.Part();
        }
    }
}
