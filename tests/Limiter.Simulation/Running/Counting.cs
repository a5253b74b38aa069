using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;
using Limiter.Domain.Usage;
using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;
using Limiter.Engine.Usage;
using Limiter.Simulation.Auditing;
using Limiter.Simulation.Edges;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Tenants;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Running;

/// <summary>
/// What the edges count: saved to one store, rolled up there now and then, and held against the admissions when the
/// world has ended. Chance is its own, so that a world is the same with it and without.
/// </summary>
internal sealed class Counting
{
    // Until every hour, day and month in which anything was counted is over.
    private static readonly TimeSpan s_later = TimeSpan.FromDays(40);
    private static readonly int[] s_saveSeconds = [1, 4, 60];

    private const long RollEveryMs = 150_000;
    private const int TriesMax = 100;

    private readonly Pump _pump;
    private readonly Dice _dice;
    private readonly Clientele _clientele;
    private readonly Accounts _accounts;
    private readonly Auditor _auditor;
    private readonly Policy _policy;
    private readonly InMemoryUsage _store;
    private readonly UsageRoller _roller;
    private readonly RollerClock _clock;
    private readonly UsageOptions _options;
    private readonly List<string> _failures = [];
    private readonly Instant _from;
    private readonly int _forgets;
    private bool _isOver;

    public Counting(
        Pump pump, Dice dice, Policy policy, Cluster cluster, Clientele clientele, Accounts accounts, Auditor auditor,
        Breakage? broken)
    {
        _forgets = broken?.ForgetsRows ?? 0;
        (_pump, _dice, _policy, _clientele, _accounts, _auditor) = (pump, dice, policy, clientele, accounts, auditor);
        Anonymous = auditor.Open(default);
        _from = UsagePeriod.Of(UsageGrain.Month, pump.TrueTime + -UsagePeriod.DayMs).Start;
        _clock = new RollerClock(pump);
        _store = new InMemoryUsage(_clock);
        _options = new UsageOptions { SaveSeconds = dice.Pick(s_saveSeconds) };
        _roller = new UsageRoller(
            _store, new SiteCharges(cluster, _clock), clientele.Directory, () => policy, _clock,
            failure => _failures.Add($"{failure}"));
    }

    /// <summary>Whose the usage of callers without a tenant is.</summary>
    public TenantAccount Anonymous { get; }

    /// <summary>Exceptions that the roller told of: nothing is damaged here.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <param name="process">Who saves.</param>
    /// <param name="delayMsMax">Longest way to the store, and back.</param>
    public EdgeUsage NewWay(Process process, long delayMsMax) =>
        new(_store, process, _pump, _dice.Fork(), () => _clientele.IsAway, delayMsMax, _forgets);

    public UsageTally NewTally(Limiter.Domain.Escrow.EdgeId edge, IUsageRows way, EdgeClock clock) =>
        new(edge, way, clock, _options);

    public void Start() => _pump.In(RollEveryMs * Pump.Millisecond, null, () =>
    {
        if (_isOver) return;
        // It reads what is there at one moment; the world stands meanwhile.
        _roller.CloseDaysAsync(CancellationToken.None).GetAwaiter().GetResult();
        Start();
    });

    /// <summary>Rolls everything up, and tells the auditor.</summary>
    public void Conclude()
    {
        _isOver = true;
        _clock.Ahead = s_later;
        _roller.CloseDaysAsync(CancellationToken.None).GetAwaiter().GetResult();
        Tell(Anonymous);
        foreach (var customer in _clientele.All)
        {
            Tell(customer.Account);
            TellDays(customer.Account);
        }
    }

    private void Tell(TenantAccount account)
    {
        // Days and months are of hours, so they cannot hold what those do not.
        foreach (var grain in (UsageGrain[])[UsageGrain.Hour, UsageGrain.Day, UsageGrain.Month])
        {
            var sum = UsageSheet.Sum(Totals(account, grain).Select(total => total.Sheet)).Total;
            _auditor.RolledUp(account, sum.Allowed, sum.Cost);
        }
    }

    private void TellDays(TenantAccount account)
    {
        var partition = _policy.Layouts.Any(layout => layout.Partition == Partition.Tenant)
            ? Partition.Tenant : Partition.Key;
        var charged = 0L;
        var days = new HashSet<Instant>();
        foreach (var day in Totals(account, UsageGrain.Day).OfType<DailyUsage>())
        {
            if (day.Charged is not { } told) return;
            charged += told;
            days.Add(day.Day);
        }
        _auditor.DaysClosed(account, days, charged, _accounts.Sites
            .Where(site => site.Id.Tenant == account.Tenant && site.Id.Partition == partition)
            .Select(site => _accounts.Find(site, LimitId.Day)).OfType<LimitAccount>());
    }

    private List<UsageTotal> Totals(TenantAccount account, UsageGrain grain)
    {
        var totals = new List<UsageTotal>();
        string? after = null;
        for (var page = 0; page < TriesMax && (page == 0 || after is not null); page++)
        {
            var found = _store.ListTotalsAsync(
                account.Tenant, grain, _from, _pump.TrueTime + UsagePeriod.DayMs, after, IUsageStore.PageMax,
                CancellationToken.None).AsTask().GetAwaiter().GetResult();
            totals.AddRange(found.Items.Select(item => item.Total));
            after = found.Next;
        }
        return totals;
    }

    /// <summary>True time, and later when all is over.</summary>
    private sealed class RollerClock(Pump pump) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(pump.Now, TimeSpan.Zero) + Ahead;
    }

    /// <summary>What the buckets say of their days, as they are saved.</summary>
    private sealed class SiteCharges(Cluster cluster, RollerClock clock) : IDayCharges
    {
        public ValueTask<long?> CloseDayAsync(BucketId bucket, Instant day, CancellationToken cancellation)
        {
            var site = cluster.Sites.FirstOrDefault(site => site.Id == bucket);
            return new ValueTask<long?>(
                site?.Saved is { } saved ? Bucket.CloseDay(saved, day, Instant.From(clock.GetUtcNow())) : null);
        }
    }
}
