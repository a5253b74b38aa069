using Limiter.Processes.Tests.Logs;

namespace Limiter.Processes.Tests.Running;

/// <summary>
/// Clients of a fleet that go on until they are stopped, each with one check at a time and at one process, so that a
/// process that is frozen holds up its own clients only. Which tenant and cost is next follows from a seed.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private const int ClientsPerEdge = 3;
    private const int CostMax = 3;

    /// <summary>With three processes 225 checks a second.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(40);

    private readonly ProcessFleet _fleet;
    private readonly string[] _tenants;
    private readonly Task[] _clients;
    private volatile bool _isStopping;

    /// <param name="fleet">Whom to ask.</param>
    /// <param name="hot">The tenant of half of all checks; the others share the rest.</param>
    /// <param name="seed">The seed.</param>
    public Load(ProcessFleet fleet, string hot, int seed)
    {
        _fleet = fleet;
        var others = fleet.Plans.Keys.Where(tenant => tenant != hot).Order(StringComparer.Ordinal).ToArray();
        _tenants = others.Length == 0 ? [hot] : [.. others, .. Enumerable.Repeat(hot, others.Length)];
        _clients = [.. Enumerable.Range(0, fleet.Edges.Length * ClientsPerEdge).Select(client =>
            Task.Run(() => RunAsync(fleet.Edges[client % fleet.Edges.Length], new Random(seed + client))))];
    }

    /// <summary>Goes on until so many further checks of a kind were answered.</summary>
    public Task UntilAsync(int checks, string what, Func<LoggedAnswer, bool>? counts = null)
    {
        var place = _fleet.Log.Count;
        return RealTime.UntilAsync(() => HasFailed() || _fleet.Log.From(place).Count(counts ?? All) >= checks, what);
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        await Task.WhenAll(_clients);
    }

    private static bool All(LoggedAnswer answer) => true;

    private bool HasFailed() => Array.Exists(_clients, client => client.IsFaulted);

    private async Task RunAsync(EdgeProcess edge, Random random)
    {
        using var timer = RealTime.Pace(Period);
        while (!_isStopping)
        {
            await timer.WaitForNextTickAsync();
            if (edge.IsServing)
                await edge.CheckAsync(_tenants[random.Next(_tenants.Length)], random.Next(1, CostMax + 1));
        }
    }
}
