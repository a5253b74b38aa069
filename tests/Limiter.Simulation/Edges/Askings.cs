using Limiter.Simulation.Stores;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Edges;

/// <summary>
/// What an edge asked each bucket last. A request that is sent again is the same one: the edge waits from when it was
/// sent first, and takes in one answer.
/// </summary>
internal sealed class Askings(EdgeClock clock, TimeSpan waitLimit)
{
    private readonly Dictionary<BucketSite, Asking> _last = [];

    public Asking Of(BucketSite site, long number)
    {
        if (_last.TryGetValue(site, out var last) && last.Number == number) return last;
        var asking = new Asking(number, Sending.Now(clock));
        // The engine gives up then; what comes later it does not see.
        clock.CreateTimer(_ => asking.IsOver = true, null, waitLimit, Timeout.InfiniteTimeSpan);
        return _last[site] = asking;
    }
}

/// <summary>A request of an edge to a bucket.</summary>
/// <param name="number">Its number.</param>
/// <param name="sent">The edge's clocks when it was sent first.</param>
internal sealed class Asking(long number, Sending sent)
{
    public long Number { get; } = number;

    public Sending Sent { get; } = sent;

    /// <summary>True once the edge takes in no answer any more: it had one, or has given up.</summary>
    public bool IsOver { get; set; }
}
