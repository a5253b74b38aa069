using Limiter.Client;
using Limiter.Client.Remote;
using Limiter.Domain.Escrow;
using Limiter.Engine.Leases;
using Limiter.Simulation.Remotes;
using Limiter.Simulation.Running;
using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Tenants;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Edges;

/// <summary>Lays the ways of each life of an edge to everything durable.</summary>
internal sealed class Wiring(
    Pump pump, WorldPlan plan, Cluster cluster, Network network, Departures departures, Clientele clientele,
    Counting counting, Witness witness, Timeline timeline)
{
    private const long StoreMsMax = 400;

    // Remote edges wait for it half a second, their calls' ways included.
    private const long ServersStoreMsMax = 150;

    private static readonly Uri s_address = new("http://limiter");

    private readonly Relay _relay = new();
    private readonly List<Machine> _servers = [];

    /// <summary>Remote edges call this machine, too.</summary>
    public void AddServer(Machine machine) => _servers.Add(machine);

    public EdgePorts PortsOf(
        Machine machine, EdgeId id, Process process, EdgeClock clock, LeaseOptions options, Anchors anchors, Dice dice)
        => machine.Kind == MachineKind.Remote
            ? Remote(machine.Index, id, process, clock, options, anchors, dice)
            : new EdgePorts(
                new EdgeBuckets(
                    id, machine.Index, process, clock, pump, cluster, network, options, anchors, _relay, witness),
                new EdgeDirectory(clientele.Directory, process, pump, dice, () => clientele.IsAway),
                counting.NewWay(process, machine.Kind == MachineKind.Server ? ServersStoreMsMax : StoreMsMax));

    private EdgePorts Remote(
        int machine, EdgeId id, Process process, EdgeClock clock, LeaseOptions options, Anchors anchors, Dice dice)
    {
        var way = new RemoteWay(machine, process, pump, dice, plan.Calls, network, _servers, timeline, Told);
        var client = new LimiterClientOptions
        {
            Address = s_address, GatewayKey = LimiterApi.GatewayKey, HttpHandler = () => way,
            WaitLimit = options.WaitLimit,
        };
        var calls = new RemoteCalls(client, clock) { Continuing = TaskCreationOptions.None };
        return new EdgePorts(
            new RemoteEdgeBuckets(
                machine, process, clock, cluster, departures, new RemoteBuckets(calls, id), options, anchors, _relay,
                Told),
            new RemoteIdentities(calls, id, clock),
            new RemoteRows(calls, Told));

        void Told(Exception failure) => witness.Failed(id, failure);
    }
}
