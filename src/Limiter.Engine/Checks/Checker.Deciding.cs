using Limiter.Domain.Decisions;
using Limiter.Engine.Callers;
using Limiter.Engine.Leases;

namespace Limiter.Engine.Checks;

// One check from its rule and its caller to what was decided and counted.
public sealed partial class Checker
{
    internal ValueTask DecideAsync(Check check, Decision decision, bool looks, CancellationToken cancellation)
    {
        decision.Clear();
        var policy = Policy;
        decision.Policy = policy.Policy;
        var now = _edge.Now();
        decision.At = now.Wall;
        if (!Placement.TryPlace(check, policy, decision, looks)) return Counted(decision, looks);
        // Nobody's limits and nobody's identity matter to it.
        if (decision.Rule!.IsExempt) return Counted(decision, looks);
        if (!_callers.TryFind(check, policy, now, out var identity, out var refusal))
            return FindAndDecideAsync(check, policy, decision, looks, now, cancellation);
        if (refusal == Refusal.None) return DecideAndCountAsync(check, identity, decision, looks, now, cancellation);
        decision.Refuse(refusal);
        return Counted(decision, looks);
    }

    private ValueTask DecideAndCountAsync(
        Check check, in Identity identity, Decision decision, bool looks, in EdgeTime now,
        CancellationToken cancellation)
    {
        var deciding = _decider.DecideAsync(check, identity, decision, looks, now);
        if (!deciding.IsCompletedSuccessfully)
            return FinishAsync(deciding, check, identity.Caller, decision, looks, now, cancellation);
        // Whoever found the policy out of date has seen a newer one in use, so this ends.
        if (deciding.Result) return DecideAsync(check, decision, looks, cancellation);
        if (!looks) Told(identity.Caller, decision, now);
        return Counted(decision, looks);
    }

    private async ValueTask FinishAsync(
        ValueTask<bool> deciding, Check check, Caller caller, Decision decision, bool looks, EdgeTime now,
        CancellationToken cancellation)
    {
        if (await deciding.ConfigureAwait(false))
        {
            await DecideAsync(check, decision, looks, cancellation).ConfigureAwait(false);
            return;
        }
        if (!looks) Told(caller, decision, now);
        await Counted(decision, looks).ConfigureAwait(false);
    }

    private async ValueTask FindAndDecideAsync(
        Check check, PolicyInForce policy, Decision decision, bool looks, EdgeTime now, CancellationToken cancellation)
    {
        var (identity, refusal) = await _callers.FindAsync(check, policy, now, cancellation).ConfigureAwait(false);
        if (refusal == Refusal.None)
        {
            await DecideAndCountAsync(check, identity, decision, looks, _edge.Now(), cancellation)
                .ConfigureAwait(false);
            return;
        }
        // Whoever read the directory has told of it. No policy admits a caller of whom nothing is known.
        if (refusal == Refusal.Unreachable) Degraded.Close(decision, _edge);
        else decision.Refuse(refusal);
        await Counted(decision, looks).ConfigureAwait(false);
    }

    private void Told(Caller caller, Decision decision, in EdgeTime now)
    {
        if (decision.Outcome == Outcome.Denied) _callers.Denied(caller, now);
        _usage?.Count(caller, decision);
        _alerts?.Look(caller, decision);
    }

    // Every check ends here once, whoever answered it; a look is none.
    private ValueTask Counted(Decision decision, bool looks)
    {
        if (!looks) Counts.Count(decision);
        return default;
    }
}
