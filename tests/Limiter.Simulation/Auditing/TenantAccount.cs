using Limiter.Domain.Tenants;

namespace Limiter.Simulation.Auditing;

/// <summary>What was admitted for one tenant, by the edges that count it.</summary>
public sealed class TenantAccount
{
    private EdgeUse[] _edges = [];
    private long _doubtedUp;
    private long _doubtedDown;

    internal TenantAccount(TenantId tenant) => Tenant = tenant;

    public TenantId Tenant { get; }

    /// <summary>Requests admitted, degraded ones included; a repeated one once.</summary>
    public long Requests { get; private set; }

    /// <summary>Their cost, as corrected where that is known.</summary>
    public long Tokens { get; private set; }

    /// <summary>The cost of an admission was corrected; told once for all its limits.</summary>
    /// <param name="edge">Which process corrected it.</param>
    /// <param name="tokens">The true cost less the one charged.</param>
    public void Correct(int edge, long tokens)
    {
        Tokens += tokens;
        if (tokens > 0) Use(edge).Up += tokens;
        else Use(edge).Down += tokens;
    }

    /// <summary>A correction was asked for, and it is not known whether any edge counts it.</summary>
    /// <param name="tokens">As with <see cref="Correct"/>; with the opposite sign it is known after all.</param>
    /// <param name="isUp">Whether the true cost is above the one charged.</param>
    public void Doubt(long tokens, bool isUp)
    {
        if (isUp) _doubtedUp += tokens;
        else _doubtedDown += tokens;
    }

    internal void Admit(int edge, long tokens)
    {
        (Requests, Tokens) = (Requests + 1, Tokens + tokens);
        ref var use = ref Use(edge);
        (use.Requests, use.Tokens) = (use.Requests + 1, use.Tokens + tokens);
    }

    /// <summary>What can have been counted when some edges ended before they had saved all.</summary>
    internal UseRange Countable(HashSet<int> uncounted)
    {
        var range = new UseRange(0, 0, _doubtedDown, _doubtedUp);
        for (var edge = 0; edge < _edges.Length; edge++)
            range = range.With(_edges[edge], isWhole: !uncounted.Contains(edge));
        return range;
    }

    private ref EdgeUse Use(int edge)
    {
        if (edge >= _edges.Length) Array.Resize(ref _edges, Math.Max(edge + 1, _edges.Length * 2));
        return ref _edges[edge];
    }
}
