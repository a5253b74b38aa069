using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Tenants;
using Limiter.Engine.Alerts;
using Limiter.Engine.Callers;
using Limiter.Engine.Explaining;
using Limiter.Engine.Leases;
using Limiter.Engine.Metrics;
using Limiter.Engine.Ports;
using Limiter.Engine.Remotes;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Checks;

/// <summary>
/// Decides whether a request may pass, and charges it: at once and without allocating where this edge holds the tokens,
/// otherwise by asking the request's buckets. Thread-safe.
/// </summary>
public sealed partial class Checker : IAsyncDisposable
{
    private static readonly TimeSpan TendInterval = TimeSpan.FromSeconds(1);

    private readonly Edge _edge;
    private readonly Holders _holders;
    private readonly CallerRegister _callers;
    private readonly Decider _decider;
    private readonly Corrections _corrections;
    private readonly RememberedAdmissions _remembered;
    private readonly PendingCorrections _pending;
    private readonly Explainer _explainer;
    private readonly ITimer _tending;
    private readonly UsageTally? _usage;
    private readonly AlertWatch? _alerts;
    private PolicyInForce _policy;

    /// <param name="policy">The policy in force.</param>
    /// <param name="edge">This process; random at each start.</param>
    /// <param name="directory">Tenants and keys.</param>
    /// <param name="buckets">The durable buckets.</param>
    /// <param name="clock">The time of decisions.</param>
    /// <param name="options">How leases are taken; null for the defaults.</param>
    /// <param name="waitClock">
    /// The time of waiting for a store; null for the system's, which goes on while a manual clock stands.
    /// </param>
    /// <param name="onFailure">Told of every failed request to a store; must not throw.</param>
    /// <param name="journal">Keeps the checks that carried an id beyond this process; null for not.</param>
    /// <param name="usage">Counts what is decided; null for not. It outlives this.</param>
    /// <param name="alerts">Looks for thresholds that are crossed; null for not. It outlives this.</param>
    public Checker(
        PolicyInForce policy, EdgeId edge, IIdentities directory, IBuckets buckets, TimeProvider clock,
        LeaseOptions? options = null, TimeProvider? waitClock = null, Action<Exception>? onFailure = null,
        IRememberedChecks? journal = null, UsageTally? usage = null, AlertWatch? alerts = null)
    {
        _policy = policy;
        (_usage, _alerts) = (usage, alerts);
        _edge = new Edge(edge, buckets, clock, waitClock ?? TimeProvider.System, options ?? new LeaseOptions());
        if (onFailure is not null) _edge.OnFailure = onFailure;
        _holders = new Holders(_edge);
        _callers = new CallerRegister(directory, _edge);
        _edge.OnOutdated = bucket => _callers.Forget(bucket.Tenant);
        _decider = new Decider(_edge, _holders);
        _corrections = new Corrections(_edge, _holders, _callers, usage);
        _pending = new PendingCorrections(_edge, ChargeAsync);
        _explainer = new Explainer(_edge, _holders, _callers);
        _remembered = new RememberedAdmissions(clock, journal, _edge);
        Remotes = new RemoteEdges(_edge, _callers, () => Policy, usage?.Rows, alerts);
        _tending = clock.CreateTimer(_ => Tend(), null, TendInterval, TendInterval);
    }

    /// <summary>The policy in force. A check is decided by the one that it finds when it comes.</summary>
    public PolicyInForce Policy => Volatile.Read(ref _policy);

    /// <summary>Serves edges in other processes, by what this one knows.</summary>
    public RemoteEdges Remotes { get; }

    internal Handoff Handoff
    {
        init => _edge.Handoff = value;
    }

    /// <summary>Buckets that this edge keeps in memory.</summary>
    public int BucketsInUse => _holders.Count;

    /// <summary>Tokens that this edge holds and has not spent; from a sample when many buckets are in use.</summary>
    internal long TokensHeld => _holders.TokensHeld(_edge.Now());

    /// <summary>How long the buckets were known to be out of reach.</summary>
    internal TimeSpan BucketsAway => _edge.Outage.Duration;

    /// <summary>How long the directory was known to be out of reach.</summary>
    internal TimeSpan DirectoryAway => _callers.Away;

    internal DecisionCounts Counts { get; } = new();

    internal StoreTimings Timings => _edge.Timings;

    /// <summary>
    /// Whether a bucket is being asked now. A clock that is moved by hand is moved while none is, so that what is under
    /// way does not seem to have taken that long. Looks at every bucket in use.
    /// </summary>
    public bool IsAsking => _holders.AreAsking || _pending.IsRunning;

    /// <summary>
    /// Takes in the checks that an earlier process remembered, and holds what they reserved. To be called once, before
    /// the first check.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The journal cannot be reached.</exception>
    public async ValueTask LoadAsync(CancellationToken cancellation)
    {
        foreach (var answer in await _remembered.LoadAsync(Policy, cancellation).ConfigureAwait(false))
            if (_pending.TryClaim()) Hold_WithClaim(answer);
    }

    /// <summary>Decides and charges; the answer is in <paramref name="decision"/>.</summary>
    /// <param name="check">The request.</param>
    /// <param name="decision">Overwritten.</param>
    /// <param name="cancellation">
    /// Ends a wait for the directory; a request that waits for its bucket is answered in bounded time.
    /// </param>
    public ValueTask CheckAsync(Check check, Decision decision, CancellationToken cancellation) =>
        check.ReserveMs is not null ? ReserveAsync(check, decision, cancellation)
        : check.Id is not null ? _remembered.DecideOnceAsync(check, decision, this, cancellation)
        : DecideAsync(check, decision, looks: false, cancellation);

    /// <summary>
    /// What is left, without consuming. Allowed, or refused for the identity or path that it names. With an empty path:
    /// every limit of the caller.
    /// </summary>
    /// <inheritdoc cref="CheckAsync"/>
    public ValueTask PeekAsync(Check check, Decision decision, CancellationToken cancellation) =>
        DecideAsync(check, decision, looks: true, cancellation);

    /// <summary>How a check would be decided, why, and when it would pass; nothing is consumed.</summary>
    /// <param name="check">The request; its id is ignored.</param>
    /// <param name="cancellation">Ends a wait for the directory.</param>
    /// <exception cref="BucketsUnavailableException">A bucket cannot be reached.</exception>
    /// <exception cref="StoreUnavailableException">The directory cannot be reached.</exception>
    public ValueTask<Explanation> ExplainAsync(Check check, CancellationToken cancellation) =>
        _explainer.ExplainAsync(check, () => Policy, cancellation);

    /// <summary>A tenant, its keys or its terms changed on this edge: the next check reads the directory.</summary>
    public void Forget(TenantId tenant) => _callers.Forget(tenant);

    /// <summary>
    /// Puts another policy in force for the checks to come; those under way end by either. What was used still counts
    /// for every limit that keeps its name and its rule.
    /// </summary>
    /// <returns>False: one of this generation, or of a later one, is in force already.</returns>
    public bool Adopt(PolicyInForce policy)
    {
        while (true)
        {
            var known = Policy;
            if (policy.Generation <= known.Generation) return false;
            if (Interlocked.CompareExchange(ref _policy, policy, known) == known) return true;
        }
    }

    /// <summary>Gives every token back that this process holds; bounded by <paramref name="cancellation"/>.</summary>
    public async ValueTask CloseAsync(CancellationToken cancellation)
    {
        await _tending.DisposeAsync().ConfigureAwait(false);
        try
        {
            await _remembered.SaveAsync(cancellation).ConfigureAwait(false);
            await _pending.CloseAsync(cancellation).ConfigureAwait(false);
            await _holders.CloseAsync(cancellation).ConfigureAwait(false);
            await _callers.CloseAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What is not settled expires.
        }
    }

    public ValueTask DisposeAsync() => _tending.DisposeAsync();

    private void Tend()
    {
        var now = _edge.Now();
        _holders.Tend(now);
        _callers.Tend(now);
        _ = _remembered.SaveAsync(CancellationToken.None).AsTask();
        _pending.Run();
    }
}
