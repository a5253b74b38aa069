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

    private const long LateMs = 10 * 60 * 1_000;

    private readonly List<Entry> _spent = [];
    private readonly List<ChargedEntry> _charged = [];
    private readonly List<Entry> _lost = [];
    private EdgeAccount[] _edges = [];

    private readonly IdealLimiter _limiter;
    private readonly LimitAccount[] _alone;
    private readonly long _clockErrorMs;

    internal LimitAccount(BucketId bucket, LimitRule rule, long number, Allowance allowance, IdealLimiter limiter)
    {
        (Bucket, Rule, Numbers) = (bucket, rule, new NumberHistory(number));
        Ideal = IdealLimit.Of(rule, allowance.IdealCountsSlots);
        Paying = IdealLimit.Of(rule, allowance.IdealCountsSlots);
        (_limiter, _alone, _clockErrorMs) = (limiter, [this], allowance.ClockErrorMs);
    }

    public BucketId Bucket { get; }

    public LimitRule Rule { get; }

    /// <summary>The numbers in force, in true time.</summary>
    internal NumberHistory Numbers { get; }

    internal IdealLimit Ideal { get; }

    /// <summary>
    /// The same that is charged for all that was admitted without a bucket or turned out dearer, beyond the number too.
    /// </summary>
    internal IdealLimit Paying { get; }

    /// <summary>Admissions with a grant, and what was taken back of them; in order once <see cref="Close"/>d.</summary>
    internal ReadOnlySpan<Entry> Spent => CollectionsMarshal.AsSpan(_spent);

    /// <summary>
    /// Charged after the fact: dearer checks, and what was admitted without a grant; in the order in which the bucket
    /// heard of it once <see cref="Close"/>d.
    /// </summary>
    internal ReadOnlySpan<ChargedEntry> Charged => CollectionsMarshal.AsSpan(_charged);

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

    /// <summary>An edge admitted tokens without the bucket.</summary>
    /// <param name="edge">Which.</param>
    /// <param name="at">True time.</param>
    /// <param name="tokens">At least 0.</param>
    internal void Degrade(int edge, Instant at, long tokens)
    {
        ref var account = ref Edge(edge);
        account.Degraded += tokens;
        (account.Owed ??= new OwedByEdge()).Admit(at, tokens);
    }

    /// <summary>
    /// What an edge admitted without the bucket was charged: to the time at which it was admitted, but not more than
    /// ten minutes ago, and not before the window before.
    /// </summary>
    /// <param name="edge">Which.</param>
    /// <param name="at">
    /// The bucket's time, as the edge tells it; after <paramref name="knownAt"/> where the edge cannot tell.
    /// </param>
    /// <param name="knownAt">The bucket's time when it was told.</param>
    /// <param name="tokens">At least 0.</param>
    public void Recover(int edge, Instant at, Instant knownAt, long tokens)
    {
        ref var account = ref Edge(edge);
        account.Recovered += tokens;
        at = Instant.Min(at, knownAt);
        account.Owed?.Charge(at, tokens, _clockErrorMs);
        at = Instant.Max(at, knownAt + -LateMs);
        if (Rule.Algorithm is Algorithm.FixedWindow or Algorithm.CalendarQuota)
            at = Instant.Max(at, CountedWindow.Of(Rule, CountedWindow.Of(Rule, knownAt).Start + -1).Start);
        Charge(at, knownAt, tokens);
    }

    /// <summary>The bucket applied the correction of an admission's cost.</summary>
    /// <param name="spentAt">The bucket's time of the admission.</param>
    /// <param name="at">The bucket's time of the correction.</param>
    /// <param name="tokens">The true cost less the one charged.</param>
    public void Correct(Instant spentAt, Instant at, long tokens)
    {
        if (tokens > 0) Charge(at, at, tokens);
        else Add(_spent, spentAt, tokens, 0);
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
        TimeOrder.Restore(CollectionsMarshal.AsSpan(_spent), static entry => entry.At);
        TimeOrder.Restore(CollectionsMarshal.AsSpan(_lost), static entry => entry.At);
        TimeOrder.Restore(CollectionsMarshal.AsSpan(_charged), static charge => charge.KnownAt);
    }

    /// <summary>Some admissions up to one, for a finding.</summary>
    internal string Around(int index)
    {
        const int shown = 5;
        var first = Math.Max(0, index - shown + 1);
        return string.Join(", ", Spent[first..(index + 1)].ToArray().Select(entry => entry.ToString()));
    }

    public override string ToString() => $"{Bucket} {Rule.Id}";

    private void Charge(Instant at, Instant knownAt, long tokens)
    {
        if (_charged.Count >= EntriesMax) throw new InvalidOperationException("The world is too long for its auditor.");
        _charged.Add(new ChargedEntry(at, knownAt, checked((int)tokens)));
    }

    private static void Add(List<Entry> entries, Instant at, long tokens, int edge, long vagueMs = 0)
    {
        if (entries.Count >= EntriesMax) throw new InvalidOperationException("The world is too long for its auditor.");
        var vague = (ushort)Math.Min(vagueMs, ushort.MaxValue);
        entries.Add(new Entry(at, checked((int)tokens), checked((ushort)edge), vague));
    }
}
