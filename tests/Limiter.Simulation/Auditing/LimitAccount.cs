using System.Runtime.InteropServices;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>One limit of one bucket, as the auditor keeps it: everything that was admitted, and when.</summary>
public sealed class LimitAccount
{
    /// <summary>Most entries of one account.</summary>
    public const int EntriesMax = 16_000_000;

    private readonly List<Entry> _spent = [];
    private readonly List<Entry> _charged = [];
    private readonly List<Entry> _lost = [];
    private EdgeAccount[] _edges = [];

    private readonly IdealLimiter _limiter;
    private readonly LimitAccount[] _alone;

    internal LimitAccount(BucketId bucket, LimitRule rule, long number, IdealLimit ideal, IdealLimiter limiter)
    {
        (Bucket, Rule, Numbers, Ideal) = (bucket, rule, new NumberHistory(number), ideal);
        (_limiter, _alone) = (limiter, [this]);
    }

    public BucketId Bucket { get; }

    public LimitRule Rule { get; }

    /// <summary>The numbers in force, in true time.</summary>
    internal NumberHistory Numbers { get; }

    internal IdealLimit Ideal { get; }

    /// <summary>Admissions with a grant, and what was taken back of them; in order once <see cref="Close"/>d.</summary>
    internal ReadOnlySpan<Entry> Spent => CollectionsMarshal.AsSpan(_spent);

    /// <summary>Charged after the fact: dearer checks, and what was admitted without a grant.</summary>
    internal ReadOnlySpan<Entry> Charged => CollectionsMarshal.AsSpan(_charged);

    /// <summary>Tokens of leases of which nothing more will be heard, by their expiry.</summary>
    internal ReadOnlySpan<Entry> Lost => CollectionsMarshal.AsSpan(_lost);

    /// <summary>By the edge's number.</summary>
    internal ReadOnlySpan<EdgeAccount> Edges => _edges;

    /// <summary>Another number comes into force.</summary>
    /// <param name="from">True time, not before the last change.</param>
    /// <param name="number">The number, or <see cref="Schedule.Unlimited"/>.</param>
    public void Change(Instant from, long number) => Numbers.Change(from, number);

    /// <summary>The bucket granted tokens to an edge, in a reply that the edge received.</summary>
    public void Grant(int edge, long tokens) => Edge(edge).Granted += tokens;

    /// <summary>What an edge admitted without the bucket was charged.</summary>
    public void Recover(int edge, Instant at, long tokens)
    {
        Add(_charged, at, tokens, edge);
        Edge(edge).Recovered += tokens;
    }

    /// <summary>The bucket applied the correction of an admission's cost.</summary>
    /// <param name="spentAt">The bucket's time of the admission.</param>
    /// <param name="at">The bucket's time of the correction.</param>
    /// <param name="tokens">The true cost less the one charged.</param>
    public void Correct(Instant spentAt, Instant at, long tokens)
    {
        Add(tokens > 0 ? _charged : _spent, tokens > 0 ? at : spentAt, tokens, 0);
        _limiter.Correct(spentAt, at, tokens, _alone);
    }

    /// <summary>Nothing more will be heard of a lease: what is left of it counts as spent at its expiry.</summary>
    public void Lose(int edge, Instant expiry, long tokens) => Add(_lost, expiry, tokens, edge);

    internal void Spend(in Spending spending, long tokens, int edge) =>
        Add(_spent, spending.At, tokens, edge, spending.VagueMs);

    internal ref EdgeAccount Edge(int edge)
    {
        if (edge >= _edges.Length) Array.Resize(ref _edges, Math.Max(edge + 1, _edges.Length * 2));
        return ref _edges[edge];
    }

    /// <summary>Puts everything in the order of bucket time.</summary>
    internal void Close()
    {
        Order(_spent);
        Order(_charged);
        Order(_lost);
    }

    /// <summary>Some admissions up to one, for a finding.</summary>
    internal string Around(int index)
    {
        const int shown = 5;
        var first = Math.Max(0, index - shown + 1);
        return string.Join(", ", Spent[first..(index + 1)].ToArray().Select(entry => entry.ToString()));
    }

    public override string ToString() => $"{Bucket} {Rule.Id}";

    private static void Add(List<Entry> entries, Instant at, long tokens, int edge, long vagueMs = 0)
    {
        if (entries.Count >= EntriesMax) throw new InvalidOperationException("The world is too long for its auditor.");
        var vague = (ushort)Math.Min(vagueMs, ushort.MaxValue);
        entries.Add(new Entry(at, checked((int)tokens), checked((ushort)edge), vague));
    }

    private static void Order(List<Entry> entries)
    {
        for (var i = 1; i < entries.Count; i++)
        {
            if (entries[i].At >= entries[i - 1].At) continue;
            entries.Sort((left, right) => left.At.CompareTo(right.At));
            return;
        }
    }
}
