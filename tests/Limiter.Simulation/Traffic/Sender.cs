using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Engine.Checks;
using Limiter.Simulation.Auditing;
using Limiter.Simulation.Edges;
using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Traffic;

/// <summary>
/// Brings checks to edges as a load balancer does; repeats some under their ids, and corrects some costs afterwards.
/// </summary>
internal sealed class Sender(Pump pump, Dice dice, WorldPlan plan, Fleet fleet, bool takesCosts)
{
    private const long LaterMsMax = 60_000;
    private const int TriesMax = 4;
    private const long RetryMs = 4_000;

    private readonly bool _isSticky = dice.Chance(300_000);
    private ulong _ids;
    private bool _isOver;

    /// <summary>Checks sent so far.</summary>
    public long Sent { get; private set; }

    public void End() => _isOver = true;

    public void Send(Call call, Dice caller)
    {
        var machines = fleet.Reachable;
        if (machines.Count == 0) return;
        var at = _isSticky && !caller.Chance(50_000)
            ? call.Parts[0].Site.Index % machines.Count
            : caller.Below(machines.Count);
        var check = takesCosts ? call.Check with { Cost = caller.Between(1, plan.CostMax) } : call.Check;
        if (plan.Repeats == 0 || !caller.Chance(plan.Repeats)) Deliver(machines[at].Edge!, call, check, 0);
        else SendTwice(machines[at], call, check);
    }

    /// <summary>An admission may turn out to have cost something else.</summary>
    /// <returns>True when it is to be corrected.</returns>
    public bool Admitted(SimulatedEdge edge, Call call, Decision decision)
    {
        if (plan.Charges == 0 || call.Usage is not { } usage || !dice.Chance(plan.Charges)) return false;
        var admitted = AdmittedCheck.Of(decision);
        var trueCost = dice.Between(0, decision.Cost * 2);
        var later = dice.Between(1, LaterMsMax) * Pump.Millisecond;
        pump.In(later, null, () => Correct(usage, admitted, trueCost, 1, isKnown: true));
        return true;
    }

    private void Deliver(SimulatedEdge edge, Call call, Check check, ulong requestId)
    {
        Sent++;
        if (edge.Process.Runs) edge.Check(call, check, requestId);
        else edge.Process.Run(() => edge.Check(call, check, requestId));
    }

    // At once, as an impatient client does, or later; in the same life of the edge or in the next.
    private void SendTwice(Machine machine, Call call, Check check)
    {
        var id = ++_ids;
        check = check with { Id = $"request-{id}" };
        Deliver(machine.Edge!, call, check, id);
        pump.In(dice.Chance(300_000) ? 1 : dice.Between(1, LaterMsMax) * Pump.Millisecond, null, () =>
        {
            if (machine.Edge is { } edge && !_isOver) Deliver(edge, call, check, id);
        });
    }

    private void Correct(TenantAccount usage, AdmittedCheck admitted, long trueCost, int tries, bool isKnown)
    {
        if (fleet.Reachable.Count == 0) return;
        var edge = dice.Pick(fleet.Reachable).Edge!;
        edge.Process.Run(() => _ = CorrectAsync(usage, edge, admitted, trueCost, tries, isKnown));
    }

    private async Task CorrectAsync(
        TenantAccount usage, SimulatedEdge edge, AdmittedCheck admitted, long trueCost, int tries, bool isKnown)
    {
        var (difference, isUp) = (trueCost - admitted.Cost, trueCost > admitted.Cost);
        if (isKnown) usage.Doubt(difference, isUp);
        var outcome = await edge.ChargeAsync(admitted, trueCost).ConfigureAwait(false);
        // Only where every try was answered is it known what was counted. A full bucket answers, and counts nothing.
        isKnown &= outcome is not null;
        if (isKnown) usage.Doubt(-difference, isUp);
        if (isKnown && outcome == ChargeOutcome.Applied) usage.Correct(edge.Number, difference);
        if (outcome is not (null or ChargeOutcome.Full) || tries >= TriesMax) return;
        pump.In(RetryMs * Pump.Millisecond, null, () => Correct(usage, admitted, trueCost, tries + 1, isKnown));
    }
}
