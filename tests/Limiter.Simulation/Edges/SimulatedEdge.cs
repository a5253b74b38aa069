using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Engine.Remotes;
using Limiter.Engine.Usage;
using Limiter.Simulation.Running;
using Limiter.Simulation.Time;
using Limiter.Simulation.Traffic;

namespace Limiter.Simulation.Edges;

/// <summary>One life of a process that answers checks: the real engine, between simulated clocks and ports.</summary>
internal sealed class SimulatedEdge(
    int number, EdgeId id, Process process, EdgeClock clock, EdgePorts ports, Anchors anchors, PolicyInForce policy,
    LeaseOptions options, IRememberedChecks? journal, EdgeHandoff handoff, UsageTally usage, ICheckWitness witness,
    Breakage? broken)
{
    private readonly Stack<Decision> _free = new();
    private readonly Checker _checker = new(
        policy, id, ports.Identities, ports.Buckets, broken is null ? clock : broken.Clock(clock), options, clock,
        journal: journal, usage: usage)
    { Handoff = handoff };

    /// <summary>The world's number for this life: a restarted process has another.</summary>
    public int Number { get; } = number;

    public EdgeId Id { get; } = id;

    public Process Process { get; } = process;

    public EdgeClock Clock { get; } = clock;

    public Anchors Anchors { get; } = anchors;

    /// <summary>Serves edges in other processes.</summary>
    public RemoteEdges Remotes => _checker.Remotes;

    /// <summary>Whether nothing that it counted would be lost with it now.</summary>
    public bool HasSavedUsage => usage.RowsWaiting == 0 && !usage.IsSaving;

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

    /// <summary>Corrects what an admission cost; null when it has to be tried again.</summary>
    public async Task<ChargeOutcome?> ChargeAsync(AdmittedCheck admitted, long trueCost)
    {
        try
        {
            return await _checker.ChargeAsync(admitted, trueCost, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is BucketsUnavailableException or StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Gives back what it holds, and saves what it counted.</summary>
    public async Task CloseAsync()
    {
        await _checker.CloseAsync(CancellationToken.None).ConfigureAwait(false);
        // A store of its own answers at once now; a save that is under way is waited for by nobody.
        if (ports.Rows is EdgeUsage store) store.IsHasty = true;
        if (usage.IsSaving) return;
        try
        {
            await usage.CloseAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // What is not saved is lost with it.
        }
    }

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
            witness.Failed(Id, failure);
            return;
        }
        witness.Decided(this, call, requestId, decision, arrived);
        _free.Push(decision);
    }
}

/// <summary>An edge's ways to everything durable.</summary>
internal sealed record EdgePorts(IBuckets Buckets, IIdentities Identities, IUsageRows Rows);

/// <summary>Sees how every check came out.</summary>
internal interface ICheckWitness
{
    /// <summary>True time, in ticks.</summary>
    long Now { get; }

    void Decided(SimulatedEdge edge, Call call, ulong requestId, Decision decision, long arrived);

    void Failed(EdgeId edge, Exception failure);
}
