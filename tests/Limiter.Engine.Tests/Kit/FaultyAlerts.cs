using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Tests.Kit;

/// <summary>A store of alerts that can be out of reach, or lose the answer to what it did.</summary>
internal sealed class FaultyAlerts(IAlertStore alerts) : IAlertStore
{
    public bool Fails { get; set; }

    /// <summary>An addition takes effect, and says that it did not.</summary>
    public bool LosesReplies { get; set; }

    /// <summary>Settling fails, as for a process that died before it.</summary>
    public bool NeverSettles { get; set; }

    /// <summary>What happens between a list of rules being made and its coming.</summary>
    public Func<Task> WhileListing { get; set; } = static () => Task.CompletedTask;

    /// <summary>How many claims were made.</summary>
    public int Claims { get; private set; }

    /// <summary>How often all rules were listed.</summary>
    public int Lists { get; private set; }

    public ValueTask<StoredAlertRule?> FindRuleAsync(TenantId tenant, CancellationToken cancellation) =>
        Reached().FindRuleAsync(tenant, cancellation);

    public ValueTask<IReadOnlyList<AlertRule>> ListRulesAsync(
        TenantId? after, int take, CancellationToken cancellation)
    {
        Lists++;
        return Listed(Reached().ListRulesAsync(after, take, cancellation));
    }

    public ValueTask<string> RulesVersionAsync(CancellationToken cancellation) =>
        Reached().RulesVersionAsync(cancellation);

    public ValueTask<bool> SaveRuleAsync(AlertRule rule, string? version, CancellationToken cancellation) =>
        Reached().SaveRuleAsync(rule, version, cancellation);

    public ValueTask<bool> RemoveRuleAsync(TenantId tenant, CancellationToken cancellation) =>
        Reached().RemoveRuleAsync(tenant, cancellation);

    public async ValueTask<bool> AddAsync(Alert alert, CancellationToken cancellation)
    {
        var added = await Reached().AddAsync(alert, cancellation);
        return LosesReplies ? throw new StoreUnavailableException("The answer was lost.") : added;
    }

    public ValueTask<Alert?> FindAsync(TenantId tenant, string id, CancellationToken cancellation) =>
        Reached().FindAsync(tenant, id, cancellation);

    public ValueTask<UsagePage<Alert>> ListAsync(
        TenantId tenant, string? after, int take, CancellationToken cancellation) =>
        Reached().ListAsync(tenant, after, take, cancellation);

    public ValueTask<IReadOnlyList<ClaimedAlert>> ClaimAsync(
        Instant now, Instant until, int take, Func<TenantId, bool> takes, CancellationToken cancellation)
    {
        Claims++;
        return Reached().ClaimAsync(now, until, take, takes, cancellation);
    }

    public ValueTask<bool> SettleAsync(ClaimedAlert claimed, Alert after, CancellationToken cancellation) =>
        NeverSettles ? throw new StoreUnavailableException("It died.")
            : Reached().SettleAsync(claimed, after, cancellation);

    public ValueTask<int> PostponeAsync(
        TenantId tenant, Instant now, Instant until, int take, CancellationToken cancellation) =>
        Reached().PostponeAsync(tenant, now, until, take, cancellation);

    public ValueTask<int> SweepAsync(Instant before, int take, CancellationToken cancellation) =>
        Reached().SweepAsync(before, take, cancellation);

    public ValueTask<Instant?> SummarisedUntilAsync(CancellationToken cancellation) =>
        Reached().SummarisedUntilAsync(cancellation);

    public ValueTask SaveSummarisedUntilAsync(Instant until, CancellationToken cancellation) =>
        Reached().SaveSummarisedUntilAsync(until, cancellation);

    private async ValueTask<IReadOnlyList<AlertRule>> Listed(ValueTask<IReadOnlyList<AlertRule>> listing)
    {
        var listed = await listing;
        await WhileListing();
        return listed;
    }

    private IAlertStore Reached() => Fails ? throw new StoreUnavailableException("The store is away.") : alerts;
}
