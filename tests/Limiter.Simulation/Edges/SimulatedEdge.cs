using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Simulation.Running;
using Limiter.Simulation.Time;
using Limiter.Simulation.Traffic;

namespace Limiter.Simulation.Edges;

/// <summary>One life of a process that answers checks: the real engine, between simulated clocks and ports.</summary>
internal sealed class SimulatedEdge(
    int number, EdgeId id, int machine, Process process, EdgeClock clock, EdgeBuckets buckets, IDirectory directory,
    PolicyInForce policy, LeaseOptions options, IRememberedChecks? journal, EdgeHandoff handoff, ICheckWitness witness,
    Breakage? broken)
{
    private readonly Stack<Decision> _free = new();
    private readonly Checker _checker = new(
        policy, id, directory, buckets, broken is null ? clock : broken.Clock(clock), options, clock,
        journal: journal)
    { Handoff = handoff };

    /// <summary>The world's number for this life: a restarted process has another.</summary>
    public int Number { get; } = number;

    public EdgeId Id { get; } = id;

    public int Machine { get; } = machine;

    public Process Process { get; } = process;

    public EdgeClock Clock { get; } = clock;

    public EdgeBuckets Buckets { get; } = buckets;

    public LeaseOptions Options { get; } = options;

    /// <summary>Takes in what an earlier life on this machine remembered.</summary>
    public ValueTask LoadAsync() => _checker.LoadAsync(CancellationToken.None);

    public void Forget(Limiter.Domain.Tenants.TenantId tenant) => _checker.Forget(tenant);

    /// <summary>A client's request arrives.</summary>
    public void Check(Call call, in Check check, ulong requestId)
    {
        if (!_free.TryPop(out var decision)) decision = new Decision();
        var deciding = _checker.CheckAsync(check, decision, CancellationToken.None);
        if (!deciding.IsCompletedSuccessfully)
        {
            _ = WaitAsync(deciding, call, requestId, decision, witness.Now);
            return;
        }
        witness.Decided(this, call, requestId, decision, witness.Now);
        _free.Push(decision);
    }

    /// <summary>Corrects what an admission cost; false when it has to be tried again.</summary>
    public async Task<bool> ChargeAsync(AdmittedCheck admitted, long trueCost)
    {
        try
        {
            var outcome = await _checker.ChargeAsync(admitted, trueCost, CancellationToken.None).ConfigureAwait(false);
            return outcome != ChargeOutcome.Full;
        }
        catch (Exception failure) when (failure is BucketsUnavailableException or StoreUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Gives back what it holds.</summary>
    public Task CloseAsync() => _checker.CloseAsync(CancellationToken.None).AsTask();

    private async Task WaitAsync(ValueTask deciding, Call call, ulong requestId, Decision decision, long arrived)
    {
        try
        {
            await deciding.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever escapes from a check is a bug that the world's verdict has to name.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            witness.Failed(this, failure);
            return;
        }
        witness.Decided(this, call, requestId, decision, arrived);
        _free.Push(decision);
    }
}

/// <summary>Sees how every check came out.</summary>
internal interface ICheckWitness
{
    /// <summary>True time, in ticks.</summary>
    long Now { get; }

    void Decided(SimulatedEdge edge, Call call, ulong requestId, Decision decision, long arrived);

    void Failed(SimulatedEdge edge, Exception failure);
}
