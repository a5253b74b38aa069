using System.Net;
using Limiter.Domain.Policies;
using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Tenants;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Traffic;

/// <summary>All callers of a world: how many checks they send, how fast, and for how long.</summary>
internal sealed class Load
{
    private const long LengthMsMin = 60_000;
    private const long LengthMsMax = 4 * 3_600_000;
    private const int AnonymousCallers = 2;

    private readonly WorldPlan _plan;
    private readonly List<Stream> _streams = [];

    public Load(
        Pump pump, Dice dice, WorldPlan plan, Policy policy, CallBook book, Clientele clientele, Sender sender)
    {
        _plan = plan;
        foreach (var customer in clientele.All)
            for (var key = 0; key < plan.KeysPerTenant; key++)
                Add(book.Of(customer, $"key-{key}", policy.RequiresIp ? Address(dice) : null), plan.KeysPerTenant);
        for (var i = 0; policy.Anonymous is not null && i < AnonymousCallers; i++)
            Add(book.Of(null, null, Address(dice)), 1);
        var meanCost = book.TakesCosts ? (1 + plan.CostMax) / 2.0 : 1;
        var perMs = _streams.Sum(stream => stream.ChecksPerMs / meanCost);
        LengthMs = Math.Clamp((long)(plan.Checks / perMs), LengthMsMin, LengthMsMax);
        // Too slow for a world's length: everybody asks for more than there is.
        var haste = Math.Max(1, plan.Checks / (perMs * LengthMs)) / meanCost;
        foreach (var stream in _streams) stream.Hurry(haste);

        void Add(IReadOnlyList<Call> calls, int sharers) => _streams.Add(
            new Stream(pump, dice.Fork(), calls, dice.Pick(plan.Workloads), Percent(dice), sharers, sender));
    }

    /// <summary>How long checks are sent.</summary>
    public long LengthMs { get; }

    public void Start()
    {
        foreach (var stream in _streams) stream.Start();
    }

    public void End()
    {
        foreach (var stream in _streams) stream.End();
    }

    private int Percent(Dice dice) => (int)dice.Between(_plan.Load.Least, _plan.Load.Most);

    private static IPAddress Address(Dice dice) => new([10, 0, (byte)dice.Below(4), (byte)(1 + dice.Below(250))]);
}
