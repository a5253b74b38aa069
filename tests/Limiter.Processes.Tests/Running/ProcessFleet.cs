using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Processes.Tests.Logs;
using Limiter.Simulation.Auditing;

namespace Limiter.Processes.Tests.Running;

/// <summary>Several servers on one data folder, and the log of all that their clients saw.</summary>
internal sealed class ProcessFleet : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<int, CheckDates> _dates = [];
    private readonly Dictionary<string, string> _plans = [];
    private long _latestClock;

    private ProcessFleet(int places) =>
        Edges = [.. Enumerable.Range(0, places).Select(place => new EdgeProcess(place, this))];

    public EdgeProcess[] Edges { get; }

    public AnswerLog Log { get; } = new();

    public Policy Policy { get; private init; } = null!;

    /// <summary>Longest lifetime of their leases.</summary>
    public long LifetimeMs { get; init; } = 1_000;

    /// <summary>Whether every process has a data folder of its own: then none knows of another.</summary>
    public bool IsDivided { get; init; }

    /// <summary>Where their manual clocks start; null for the machine's clock.</summary>
    public Instant? ClockStart { get; init; }

    public string Folder => _folder.Path;

    public StoreFile Store => StoreOf(0);

    /// <summary>The tenants and their plans.</summary>
    public IReadOnlyDictionary<string, string> Plans => _plans;

    /// <summary>The latest time that any of their clocks can show.</summary>
    public Instant LatestClock =>
        ClockStart is null ? RealTime.Now : new Instant(Interlocked.Read(ref _latestClock));

    /// <param name="places">How many processes.</param>
    /// <param name="plans">A tenant for each of these plans, by its name.</param>
    /// <param name="whenUnreachable">The policy's choice.</param>
    /// <param name="lifetimeMs">Longest lifetime of a lease.</param>
    /// <param name="isDivided">Whether each has a data folder of its own.</param>
    /// <param name="clockStart">Where manual clocks start; null: the machine's clock.</param>
    public static async Task<ProcessFleet> StartAsync(
        int places, string[] plans, string whenUnreachable = "closed", long lifetimeMs = 1_000,
        bool isDivided = false, Instant? clockStart = null)
    {
        var text = Resource("processes").Replace("\"closed\"", $"\"{whenUnreachable}\"", StringComparison.Ordinal);
        PolicyFile.TryCompile(System.Text.Encoding.UTF8.GetBytes(text), out var policy, out var errors)
            .ShouldBeTrue(string.Join('\n', errors));
        var fleet = new ProcessFleet(places)
        {
            Policy = policy!,
            LifetimeMs = lifetimeMs,
            IsDivided = isDivided,
            ClockStart = clockStart,
        };
        try
        {
            await File.WriteAllTextAsync(fleet._folder.File("policy.json"), text);
            await fleet.OpenAsync(plans);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>The options of the server at a place.</summary>
    public string[] Options(int place) =>
    [
        "--policy", _folder.File("policy.json"), "--data", DataOf(place), "--no-samples",
        "--lease-ms", LifetimeMs.ToString(CultureInfo.InvariantCulture),
        "--clock", ClockStart is null ? "system" : "manual",
    ];

    /// <summary>Registers a tenant of a plan's name.</summary>
    public async Task RegisterAsync(string tenant, string plan)
    {
        _plans[tenant] = plan;
        foreach (var edge in IsDivided ? Edges : Edges[..1]) await edge.RegisterAsync(tenant, plan);
    }

    /// <summary>The bucket's time of an admission.</summary>
    public Instant DateOf(string checkId, int place) => _dates[IsDivided ? place : 0].Read(checkId);

    /// <summary>A process's clock is about to be set.</summary>
    public void Moving(Instant to) =>
        Interlocked.Exchange(ref _latestClock, Math.Max(Interlocked.Read(ref _latestClock), to.UnixMilliseconds));

    /// <summary>Judges what was logged so far.</summary>
    public LogAudit Audit(Dating dating)
    {
        var audit = new LogAudit(Policy, dating, LifetimeMs);
        foreach (var (tenant, plan) in Plans) audit.Open(tenant, plan);
        audit.Read(Log.From(0));
        return audit;
    }

    /// <summary>Never over, by the bucket's time as by the client's; the first verdict.</summary>
    public Verdict ShouldBeWithinEveryLimit()
    {
        Log.Count.ShouldBePositive();
        var verdicts = new[] { Dating.Bucket, Dating.Client, Dating.ToldReset }
            .Select(dating => Audit(dating).Conclude()).ToArray();
        foreach (var verdict in verdicts) verdict.Findings.ShouldBeEmpty(verdict.ToString());
        return verdicts[0];
    }

    /// <summary>
    /// Without load, until every lease is over and every process that lives has told of it: it looks after its leases
    /// each second, and after each one within a lifetime (at least a second) of its end.
    /// </summary>
    public Task QuietAsync() => RealTime.PassAsync(LifetimeMs + Math.Max(1_000, LifetimeMs) + 1_000 + 500);

    /// <summary>When all leases have ended, a day has its number less what was admitted, to the token.</summary>
    public async Task ShouldHaveTheRestOfTheDayAsync(string plan)
    {
        await QuietAsync();
        var rest = NumberOf(plan, "day") - Log.Admitted(plan);
        foreach (var edge in Edges)
            await RealTime.UntilAsync(
                async () => await edge.LeftAsync(plan, "day") == rest,
                $"process {edge.Number} tells that {rest} are left");
    }

    public long NumberOf(string plan, string limit) =>
        Policy.FindPlan(plan)!.Numbers[Policy.FindLimit(limit)!.Index].ShouldNotBeNull();

    public async ValueTask DisposeAsync()
    {
        foreach (var edge in Edges) await edge.DisposeAsync();
        foreach (var dates in _dates.Values) dates.Dispose();
        _folder.Dispose();
    }

    private async Task OpenAsync(string[] plans)
    {
        if (ClockStart is { } start) Moving(start);
        // The first makes the store.
        await Edges[0].StartAsync();
        await Task.WhenAll(Edges[1..].Select(edge => edge.StartAsync()));
        foreach (var plan in plans) await RegisterAsync(plan, plan);
        for (var place = 0; place < (IsDivided ? Edges.Length : 1); place++)
            _dates[place] = new CheckDates(StoreOf(place).SigningKey());
    }

    private StoreFile StoreOf(int place) => new(Path.Combine(DataOf(place), "limiter.db"));

    private string DataOf(int place) => _folder.File(IsDivided ? $"data{place}" : "data");

    private static string Resource(string name)
    {
        using var stream = typeof(ProcessFleet).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
