using System.Collections.Immutable;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tests.Buckets;

namespace Limiter.Domain.Tests.Escrow;

/// <summary>
/// Several edges and one bucket over a bad network: requests and replies are lost, repeated, late and out of order,
/// edges die, terms change, costs are corrected. Keeps what was really admitted, and which terms were in force when.
/// </summary>
internal sealed class Storm
{
    private readonly Dice _dice;
    private readonly List<TestEdge> _edges = [];
    private readonly List<(TestEdge Edge, ReserveRequest Request)> _requests = [];
    private readonly List<(TestEdge Edge, ReserveReply Reply)> _replies = [];
    private readonly List<Admission> _admissions = [];
    private readonly List<Terms> _published;
    private readonly int _edgesMax;
    private ulong _ids;
    private BucketState? _state;

    public Storm(Dice dice, Terms terms)
    {
        _dice = dice;
        _published = [terms];
        _edgesMax = (int)dice.Next(1, 5);
        Now = Make.Start + dice.Next(0, 100_000);
        for (var i = 0; i < _edgesMax; i++) _edges.Add(new TestEdge(++_ids, terms));
    }

    public Instant Now { get; private set; }

    public IReadOnlyList<Admission> Admissions => _admissions;

    /// <summary>Since when the bucket has decided by which terms.</summary>
    public List<(Instant From, Terms Terms)> InForce { get; } = [];

    /// <summary>New terms from time to time, when given.</summary>
    public Func<Terms, Instant, Terms>? Change { get; init; }

    public long StepMs { get; init; } = 2_000;

    public bool Corrections { get; init; }

    internal sealed class Admission(Instant at, Instant told, long cost)
    {
        public Instant At { get; } = at;

        public Instant Told { get; } = told;

        public long Cost { get; } = cost;

        /// <summary>What was spent after all.</summary>
        public long Net { get; set; } = cost;

        public ImmutableArray<LimitId> Limits { get; init; }

        public ulong Id { get; init; }
    }

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            switch (_dice.Next(0, 19))
            {
                case < 4: Now += _dice.Next(0, _dice.Percent(90) ? StepMs : 8 * StepMs); break;
                case < 5 when _dice.Percent(10): Now += _dice.Next(0, 700_000); break;
                case < 11: Serve(_dice.Of([.. _edges])); break;
                case < 14: DeliverRequest(); break;
                case < 17: DeliverReply(); break;
                case 17 when _dice.Percent(20): Publish(); break;
                case 18 when _dice.Percent(20): _edges[(int)_dice.Next(0, _edges.Count - 1)] = Fresh(); break;
                case 19 when Corrections: Correct(); break;
            }
        }
    }

    private void Publish()
    {
        if (Change is not null) _published.Add(Change(_published[^1], Now));
    }

    private TestEdge Fresh() => new(++_ids, _published[^1]);

    private void Serve(TestEdge edge)
    {
        var wants = Wants(edge.Terms);
        if (edge.TrySpend(Now, wants))
        {
            Admit(Now, edge.Estimate(Now), wants);
            return;
        }
        if (_dice.Percent(30)) edge.Terms = _published[^1];
        var lifetime = _dice.Percent(15) ? 0 : _dice.Next(1, Lease.LifetimeMsMax);
        var request = edge.Send(Now, _dice.Percent(5) ? [] : Wants(edge.Terms), lifetime, _dice.Percent(50));
        if (_dice.Percent(10)) edge.GiveUpWaiting();
        if (!_dice.Percent(8)) _requests.Add((edge, request));
        if (_dice.Percent(60)) DeliverRequest(_requests.Count - 1);
        if (_dice.Percent(60)) DeliverReply(_replies.Count - 1);
    }

    private ImmutableArray<Want> Wants(Terms terms)
    {
        var cost = _dice.Next(1, 10);
        var wants = ImmutableArray.CreateBuilder<Want>();
        foreach (var limit in terms.Limits)
            if (wants.Count == 0 || _dice.Percent(70))
                wants.Add(new Want(limit.Rule.Id, cost, cost, cost + _dice.Next(0, 30)));
        return wants.DrainToImmutable();
    }

    private void DeliverRequest(int? at = null)
    {
        if (_requests.Count == 0 || at < 0) return;
        var index = at ?? (int)_dice.Next(0, _requests.Count - 1);
        var (edge, request) = _requests[index];
        if (!_dice.Percent(15)) _requests.RemoveAt(index);
        (var reply, _state) = Bucket.Reserve(_state, request, Now);
        if (_dice.Percent(30)) _state = BucketCodec.Decode(BucketCodec.Encode(_state));
        if (InForce.Count == 0 || InForce[^1].Terms.Version != reply.TermsVersion)
            InForce.Add((Now, _published.First(terms => terms.Version == reply.TermsVersion)));
        if (!_dice.Percent(8)) _replies.Add((edge, reply));
    }

    private void DeliverReply(int? at = null)
    {
        if (_replies.Count == 0 || at < 0) return;
        var index = at ?? (int)_dice.Next(0, _replies.Count - 1);
        var (edge, reply) = _replies[index];
        if (!_dice.Percent(10)) _replies.RemoveAt(index);
        if (!_edges.Contains(edge)) return;
        var waiting = edge.Waiting;
        if (edge.Receive(reply, Now) is not { } admitted) return;
        Admit(Instant.Min(Now, admitted), admitted, waiting);
    }

    private void Admit(Instant at, Instant told, ImmutableArray<Want> wants) =>
        _admissions.Add(new Admission(at, told, wants[0].Least)
        {
            Id = (ulong)_admissions.Count + 1,
            Limits = [.. wants.Select(want => want.Limit)],
        });

    private void Correct()
    {
        if (_state is null || _admissions.Count == 0) return;
        var check = _admissions[(int)_dice.Next(Math.Max(0, _admissions.Count - 10), _admissions.Count - 1)];
        var request = new ChargeRequest(
            check.Id, check.Told, check.Cost, _dice.Next(0, check.Cost + 3), check.Limits, InForce[^1].Terms);
        (var outcome, _state) = Bucket.Charge(_state, request, Now);
        if (outcome == ChargeOutcome.Applied) check.Net = Math.Min(check.Cost, request.TrueCost);
    }
}
