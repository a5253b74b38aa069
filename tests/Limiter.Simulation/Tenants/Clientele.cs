using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.InMemory;
using Limiter.Simulation.Auditing;
using Limiter.Simulation.Running;
using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Tenants;

/// <summary>A world's tenants, and the operator who changes what they bought.</summary>
internal sealed class Clientele
{
    // Plans of most policies hold few tokens: a number of the tenant's own makes leases worth their while.
    private static readonly long[] s_factors = [1, 1, 3, 10, 50];

    private readonly Pump _pump;
    private readonly Dice _dice;
    private readonly Policy _policy;
    private readonly WorldPlan _plan;
    private readonly Timeline _timeline;
    private readonly Dictionary<TenantId, Customer> _byId = [];
    private long _awayUntil;
    private bool _isOver;

    public Clientele(Pump pump, Dice dice, Policy policy, WorldPlan plan, Timeline timeline, Auditor auditor)
    {
        (_pump, _dice, _policy, _plan, _timeline) = (pump, dice, policy, plan, timeline);
        for (var i = 0; i < plan.Tenants; i++) Register($"tenant-{i}", auditor);
        if (plan.TermsChangeEveryMs > 0) Later(plan.TermsChangeEveryMs, Change);
        if (plan.DirectoryAwayEveryMs > 0) Later(plan.DirectoryAwayEveryMs, GoAway);
    }

    public InMemoryDirectory Directory { get; } = new();

    public List<Customer> All { get; } = [];

    public bool IsAway => _pump.Now < _awayUntil;

    /// <summary>Told after a customer's numbers have changed.</summary>
    public Action<Customer> Changed { get; set; } = static _ => { };

    /// <summary>The terms that the register holds for a bucket.</summary>
    public Terms TermsOf(BucketId bucket)
    {
        var record = bucket.Tenant == default ? null : Read(Directory.FindTenantAsync(bucket.Tenant, default));
        var plan = record is null ? _policy.Anonymous! : _policy.FindPlan(record.Plan)!;
        for (var layout = 0; ; layout++)
            if (_policy.Layouts[layout].Partition == bucket.Partition)
                return TermsResolver.Resolve(_policy, 1, layout, plan, record);
    }

    public Customer? Find(TenantId id) => _byId.GetValueOrDefault(id);

    private void Register(string name, Auditor auditor)
    {
        _ = TenantId.TryParse(name, out var id);
        var plan = _dice.Pick(_policy.Plans.Where(plan => plan != _policy.Anonymous).ToArray());
        var customer = new Customer(id, _policy, plan.Name, auditor.Open(id));
        foreach (var limit in _policy.Limits)
            if (limit.PercentOf is null && (plan.Negotiated || _dice.Chance(600_000)))
                customer.Override(limit, NewNumber(plan, limit));
        All.Add(customer);
        _byId.Add(id, customer);
        Save(customer);
        for (var key = 0; key < _plan.KeysPerTenant; key++)
        {
            _ = KeyId.TryParse($"key-{key}", out var keyId);
            _ = CredentialHash.TryCompute($"{name}/{keyId}", out var hash);
            Read(Directory.AddKeyAsync(
                new KeyRecord(id, keyId, "", hash, _pump.TrueTime), null, CancellationToken.None));
        }
    }

    private long NewNumber(Plan plan, LimitDefinition limit)
    {
        var number = plan.Numbers[limit.Index] ?? limit.Number ?? 100;
        return number == Schedule.Unlimited ? number : Math.Max(10, number * _dice.Pick(s_factors));
    }

    private void Change()
    {
        var customer = _dice.Pick(All);
        customer.Supersede(_pump.TrueTime, _plan.KnownWithinMs);
        var limit = _dice.Pick(_policy.Limits);
        var now = customer.NumberOf(limit, _pump.TrueTime);
        var number = now == Schedule.Unlimited ? 100 : Math.Clamp(now * _dice.Between(20, 300) / 100, 5, 1_000_000);
        switch (_dice.Below(4))
        {
            case 0:
                customer.Plan = _dice.Pick(_policy.Plans.Where(plan => !plan.Negotiated).ToArray()).Name;
                break;
            case 1:
                customer.Override(limit, number);
                break;
            case 2 when !_policy.FindPlan(customer.Plan)!.Negotiated:
                customer.Override(limit, null);
                break;
            default:
                Adjust(customer, limit, number);
                break;
        }
        Save(customer);
        _timeline.Add($"{customer.Id} changes; {limit.Rule.Id} is {customer.NumberOf(limit, _pump.TrueTime)} now");
        Changed(customer);
    }

    private void Adjust(Customer customer, LimitDefinition limit, long number)
    {
        var until = _pump.TrueTime + _dice.Between(1_000, 120_000);
        var adjustment = _dice.Chance(500_000)
            ? new Adjustment(null, number, until, "for a while")
            : new Adjustment(_dice.Between(100_000, 4_000_000), null, until, "for a while");
        customer.Adjust(limit, adjustment);
        _pump.At(_pump.Now + ((until - _pump.TrueTime) * Pump.Millisecond), null, () => Changed(customer));
    }

    private void Save(Customer customer)
    {
        var version = Read(Directory.FindTenantAsync(customer.Id, CancellationToken.None))?.Version ?? 0;
        var saved = Read(Directory.SaveTenantAsync(
            customer.Record(version, _pump.TrueTime), null, CancellationToken.None));
        if (saved is null) throw new InvalidOperationException($"{customer.Id} was not saved.");
    }

    private void GoAway()
    {
        var ms = _dice.Between(1_000, WorldPlan.DirectoryAwayMsMax);
        _awayUntil = _pump.Now + (ms * Pump.Millisecond);
        _timeline.Add($"the register is away for {ms} ms");
    }

    /// <summary>Nothing changes any more.</summary>
    public void End() => (_isOver, _awayUntil) = (true, 0);

    private void Later(long meanMs, Action happens) => _pump.In(_dice.Waiting(meanMs * Pump.Millisecond), null, () =>
    {
        if (_isOver) return;
        happens();
        Later(meanMs, happens);
    });

    // In memory, so it is there at once.
    private static T Read<T>(ValueTask<T> answer) => answer.AsTask().GetAwaiter().GetResult();
}
