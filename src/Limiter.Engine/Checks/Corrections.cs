using System.Collections.Concurrent;
using System.Collections.Immutable;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Checks;

/// <summary>Corrects the cost of earlier admissions, in every bucket that was charged.</summary>
internal sealed class Corrections(Edge edge, Holders holders, CallerRegister callers, UsageTally? usage)
{
    /// <summary>Most corrections without an answer that are remembered.</summary>
    private const int UnansweredMax = 10_000;

    // They may have taken effect, and are not counted: a repetition tells.
    private readonly ConcurrentDictionary<ulong, byte> _unanswered = new();

    /// <inheritdoc cref="Checker.ChargeAsync"/>
    public async ValueTask<ChargeOutcome> ApplyAsync(
        AdmittedCheck admitted, long trueCost, Func<PolicyInForce> inForce, CancellationToken cancellation)
    {
        while (true)
            if (await TryApplyAsync(admitted, trueCost, inForce(), cancellation).ConfigureAwait(false) is { } outcome)
                return outcome;
    }

    // Null: another policy came into force meanwhile. A bucket that was corrected already says that this is repeated.
    private async ValueTask<ChargeOutcome?> TryApplyAsync(
        AdmittedCheck admitted, long trueCost, PolicyInForce policy, CancellationToken cancellation)
    {
        var now = edge.Now();
        var caller = admitted.Tenant == default
            ? policy.Policy.Anonymous is null ? null : callers.AnonymousOf(policy)
            : await callers.CallerAsync(admitted.Tenant, policy, now, cancellation).ConfigureAwait(false);
        var rule = policy.FindRule(admitted.Group, admitted.Template);
        var demands = DemandsOf(admitted, rule, policy.Policy);
        // A tenant that is gone leaves nothing to correct, nor do limits that are.
        if (caller is null || demands.IsEmpty) return ChargeOutcome.Expired;
        var outcome = await ApplyAsync(admitted, trueCost, policy, caller, demands, cancellation)
            .ConfigureAwait(false);
        if (outcome is not (ChargeOutcome.Applied or ChargeOutcome.Repeated)) return outcome;
        // Also of one that is applied: it was not, as often as nothing was heard, and is counted now.
        var wasUnanswered = _unanswered.TryRemove(admitted.CheckId, out _);
        if (outcome == ChargeOutcome.Applied || wasUnanswered)
            usage?.Correct(caller, admitted.Key, rule ?? RuleOf(admitted), trueCost - admitted.Cost);
        return outcome;
    }

    // Another policy may count the same requests by other limits. Those did not count this check: what is given back
    // to them would be more than they ever had.
    private static ImmutableArray<Demand> DemandsOf(
        in AdmittedCheck admitted, EndpointRule? rule, Policy policy) =>
        rule?.Counting == admitted.Counting ? rule.Demands : Counting.Find(admitted.Counting, policy.Layouts);

    // The policy has it no more; what was used is still told under its name.
    private static EndpointRule RuleOf(in AdmittedCheck admitted) =>
        new(admitted.Group, admitted.Template, admitted.Cost, null, []);

    private async ValueTask<ChargeOutcome?> ApplyAsync(
        AdmittedCheck admitted, long trueCost, PolicyInForce policy, Caller caller, ImmutableArray<Demand> demands,
        CancellationToken cancellation)
    {
        var outcome = ChargeOutcome.Applied;
        var charged = admitted.IsDegraded ? Math.Min(admitted.Cost, trueCost) : admitted.Cost;
        foreach (var demand in demands)
        {
            var partition = policy.Policy.Layouts[demand.Layout].Partition;
            var value = Buckets.ValueOf(partition, caller, admitted.Key, admitted.Address);
            var touch = Buckets.Touch(holders, caller, demand, value, charged);
            if (touch is not { } found) throw new BucketsUnavailableException("Too many buckets are in use.");
            if (await CorrectAsync(found, admitted, trueCost, cancellation).ConfigureAwait(false) is not { } corrected)
                return null;
            outcome = corrected;
            if (outcome is not (ChargeOutcome.Applied or ChargeOutcome.Repeated)) return outcome;
        }
        return outcome;
    }

    private async ValueTask<ChargeOutcome?> CorrectAsync(
        Touch touch, AdmittedCheck admitted, long trueCost, CancellationToken cancellation)
    {
        try
        {
            return await Correction
                .ApplyAsync(edge, touch, admitted.CheckId, admitted.SpentAt, trueCost, cancellation)
                .ConfigureAwait(false);
        }
        catch (BucketsUnavailableException)
        {
            Remember(admitted.CheckId);
            throw;
        }
    }

    private void Remember(ulong checkId)
    {
        if (_unanswered.Count >= UnansweredMax) _unanswered.Clear();
        _unanswered[checkId] = 0;
    }
}
