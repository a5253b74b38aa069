using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Processes.Tests.Logs;
using Limiter.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Limiter.Client.Tests.Processes;

/// <summary>Five API processes under load, kill -9 of each in turn, one limiter.</summary>
public sealed class KillTests
{
    private const int Places = 5;
    private const int ClientsPerPlace = 2;
    private const int LifetimeMs = 1_000;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(30);
    private static readonly string[] Plans = ["quota", "fixed", "sliding", "burst"];

    private readonly AnswerLog _log = new();
    private volatile bool _isStopping;

    [Fact]
    public async Task Five_processes_that_are_killed_in_turn_never_admit_more_than_a_limit()
    {
        using var folder = new TemporaryFolder();
        await using var limiter = await TestLimiter.StartAsync(
            Policies.Compile(Resource("processes")), LifetimeMs, folder.Path, clock: TimeProvider.System);
        foreach (var plan in Plans) await limiter.RegisterAsync(plan, plan);
        var places = Enumerable.Range(0, Places)
            .Select(place => new ApiProcess(place, limiter.Address, _log)).ToArray();
        try
        {
            await Task.WhenAll(places.Select(place => place.StartAsync()));
            await UnderLoadAsync(places);
        }
        finally
        {
            foreach (var place in places) await place.DisposeAsync();
        }
        foreach (var dating in new[] { Dating.Bucket, Dating.Client })
        {
            var audit = new LogAudit(limiter.Policy, dating, LifetimeMs);
            foreach (var plan in Plans) audit.Open(plan, plan);
            audit.Read(_log.From(0));
            var verdict = audit.Conclude();
            verdict.Findings.ShouldBeEmpty(verdict.ToString());
        }
        var answers = _log.From(0);
        answers.Count(answer => answer.Fate == Fate.Allowed).ShouldBeGreaterThan(500);
        answers.Count(answer => answer.Fate == Fate.Denied).ShouldBePositive();
        await limiter.StopAsync();
        await ShouldHaveCountedAsync(folder.Path);
    }

    private async Task UnderLoadAsync(ApiProcess[] places)
    {
        var clients = Enumerable.Range(0, Places * ClientsPerPlace)
            .Select(client => Task.Run(() => RunAsync(places[client % Places], new Random(client)))).ToArray();
        foreach (var place in places)
        {
            await UntilAsync(150, "150 answers");
            await place.KillAsync();
            await UntilAsync(60, "60 answers of those that live");
            await place.StartAsync();
            await UntilAsync(10, "10 answers of the new process", answer => answer.Edge == place.Number);
        }
        _isStopping = true;
        await Task.WhenAll(clients);
    }

    private Task UntilAsync(int answers, string what, Func<LoggedAnswer, bool>? counts = null)
    {
        var from = _log.Count;
        return RealTime.UntilAsync(() => _log.From(from).Count(counts ?? (static _ => true)) >= answers, what);
    }

    private async Task RunAsync(ApiProcess place, Random random)
    {
        using var timer = RealTime.Pace(Period);
        while (!_isStopping)
        {
            await timer.WaitForNextTickAsync();
            if (place.IsServing) await place.SendAsync(Plans[random.Next(Plans.Length)], random.Next(1, 4));
        }
    }

    // Killed processes take their last second's counts with them, and no more is counted than was admitted.
    private async Task ShouldHaveCountedAsync(string folder)
    {
        await using var store = SqliteStore.Open(
            new SqliteStoreOptions { Folder = folder }, TimeProvider.System, NullLogger<SqliteStore>.Instance);
        var counted = 0L;
        foreach (var plan in Plans)
        {
            TenantId.TryParse(plan, out var tenant).ShouldBeTrue();
            var rows = await store.Usage.ListRowsAsync(
                tenant, RealTime.Now + -UsagePeriod.DayMs, RealTime.Now + UsagePeriod.DayMs, null, 1_000, default);
            counted += rows.Items.Sum(row => row.Sheet.Total.Cost);
        }
        var admitted = Plans.Sum(_log.Admitted);
        var lost = _log.From(0).Where(answer => answer.Fate == Fate.Lost).Sum(answer => answer.Cost);
        counted.ShouldBeInRange(admitted / 2, admitted + lost);
    }

    private static string Resource(string name)
    {
        using var stream = typeof(KillTests).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
