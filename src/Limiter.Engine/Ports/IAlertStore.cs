using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Ports;

/// <summary>
/// Of what tenants are told, and the outbox of what is told them. Reads see every completed write; a write is durable
/// when it returns. Every member throws <see cref="StoreUnavailableException"/> when the store cannot be reached or
/// cannot save; a repetition is safe.
/// </summary>
public interface IAlertStore
{
    /// <summary>Most entries of one page, of one claim and of one sweep.</summary>
    const int PageMax = 1_000;

    /// <summary>Most alerts that are due and looked at by one claim.</summary>
    const int LookedAtMax = 10_000;

    ValueTask<StoredAlertRule?> FindRuleAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>Rules in the ordinal order of their tenants' names, those after one.</summary>
    /// <param name="take">1 to <see cref="PageMax"/>.</param>
    ValueTask<IReadOnlyList<AlertRule>> ListRulesAsync(TenantId? after, int take, CancellationToken cancellation);

    /// <summary>
    /// Differs after every change of a rule: whoever has read them all need not do so again until then.
    /// </summary>
    ValueTask<string> RulesVersionAsync(CancellationToken cancellation);

    /// <summary>Saves a rule if the store still holds the version that it was made from; false otherwise.</summary>
    /// <param name="rule">Of a tenant.</param>
    /// <param name="version">Of <see cref="StoredAlertRule"/>; null: there is none yet.</param>
    ValueTask<bool> SaveRuleAsync(AlertRule rule, string? version, CancellationToken cancellation);

    /// <summary>False when there is none.</summary>
    ValueTask<bool> RemoveRuleAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>
    /// Adds an alert that is to be delivered, and nothing when one of its id is there, delivered or not; false then.
    /// </summary>
    ValueTask<bool> AddAsync(Alert alert, CancellationToken cancellation);

    /// <summary>An alert that was added and not swept away since.</summary>
    ValueTask<Alert?> FindAsync(TenantId tenant, string id, CancellationToken cancellation);

    /// <summary>A tenant's alerts, the latest raised first.</summary>
    /// <param name="after">Where the page before said to go on; null at the start.</param>
    /// <param name="take">1 to <see cref="PageMax"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="after"/> is of no page of this list.</exception>
    ValueTask<UsagePage<Alert>> ListAsync(
        TenantId tenant, string? after, int take, CancellationToken cancellation);

    /// <summary>
    /// Takes alerts that are due, the longest due first. Each counts one more attempt and is due again when the claim
    /// ends, so whoever dies meanwhile keeps nothing back.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="until">When the claim ends.</param>
    /// <param name="take">1 to <see cref="PageMax"/>.</param>
    /// <param name="takes">
    /// Asked for each that is due, in order: whether to take one of this tenant now. On any thread; must not throw.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<IReadOnlyList<ClaimedAlert>> ClaimAsync(
        Instant now, Instant until, int take, Func<TenantId, bool> takes, CancellationToken cancellation);

    /// <summary>Saves what came of an attempt, unless another claim has begun since; false then.</summary>
    /// <param name="claimed">As it was claimed.</param>
    /// <param name="after">
    /// The same alert, with its new <see cref="Alert.State"/>, <see cref="Alert.Attempts"/>, <see cref="Alert.DueAt"/>
    /// and <see cref="Alert.Error"/>.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<bool> SettleAsync(ClaimedAlert claimed, Alert after, CancellationToken cancellation);

    /// <summary>
    /// Moves what of a tenant is due to a later time, so that it does not stand before what is due to others. No
    /// attempt is counted. Returns how many were moved, at most <paramref name="take"/>; fewer when no more are due.
    /// </summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="now">The time: what is claimed or due later stays.</param>
    /// <param name="until">When they are due again; after <paramref name="now"/>.</param>
    /// <param name="take">1 to <see cref="PageMax"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<int> PostponeAsync(
        TenantId tenant, Instant now, Instant until, int take, CancellationToken cancellation);

    /// <summary>
    /// Forgets alerts that were raised before a time and wait no more; returns how many, at most <paramref
    /// name="take"/>.
    /// </summary>
    ValueTask<int> SweepAsync(Instant before, int take, CancellationToken cancellation);

    /// <summary>The end of the last day of which all summaries were added; null when none ever was.</summary>
    ValueTask<Instant?> SummarisedUntilAsync(CancellationToken cancellation);

    /// <summary>Moves that time ahead; never back.</summary>
    ValueTask SaveSummarisedUntilAsync(Instant until, CancellationToken cancellation);
}
