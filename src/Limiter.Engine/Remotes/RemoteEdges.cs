using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Alerts;
using Limiter.Engine.Callers;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Remotes;

/// <summary>
/// Serves edges in other processes: passes their requests on to the buckets, under the terms that this process resolves
/// itself, looks at the answers for thresholds that are crossed, and tells them who their callers are. Thread-safe.
/// </summary>
public sealed class RemoteEdges
{
    private readonly Edge _edge;
    private readonly CallerRegister _callers;
    private readonly Func<PolicyInForce> _policy;
    private readonly IUsageRows? _rows;
    private readonly AlertWatch? _alerts;
    private readonly EdgeBounds _bounds;

    internal RemoteEdges(
        Edge edge, CallerRegister callers, Func<PolicyInForce> policy, IUsageRows? rows, AlertWatch? alerts)
    {
        (_edge, _callers, _policy, _rows, _alerts) = (edge, callers, policy, rows, alerts);
        _bounds = new EdgeBounds(edge.WaitClock);
    }

    /// <summary>The policy in force here.</summary>
    public PolicyInForce Policy => _policy();

    /// <summary>How this process leases, and so how they may.</summary>
    public LeaseOptions Options => _edge.Options;

    /// <summary>
    /// Whether an edge may make a call now: at most 200 calls and 20,000 requests a second each, of 10,000 edges.
    /// </summary>
    /// <param name="edge">Who calls.</param>
    /// <param name="requests">How many requests the call holds.</param>
    public bool TryCall(EdgeId edge, int requests) => _bounds.TryCall(edge, requests);

    /// <summary>Passes a reserve on. The terms that it brings are not believed, only their order is used.</summary>
    /// <param name="edge">Who calls; the request has to be its own.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Ends a wait for the directory.</param>
    public async ValueTask<(RemoteFailure Failure, ReserveReply? Reply)> ReserveAsync(
        EdgeId edge, BucketId bucket, ReserveRequest request, CancellationToken cancellation)
    {
        if (request.Edge != edge || edge == _edge.Id || !RequestBounds.IsPossible(request))
            return (RemoteFailure.InvalidRequest, null);
        var (failure, owned) = await OwnedAsync(bucket, request.Terms.Version.Policy, cancellation)
            .ConfigureAwait(false);
        var terms = owned?.Terms;
        if (failure == RemoteFailure.UnknownBucket && request.Wants.All(static want => want.Like == 0))
            (request, terms, failure) = (request with { Owed = [] }, Powerless(request.Terms), RemoteFailure.None);
        if (failure != RemoteFailure.None) return (failure, null);
        var lifetime = _bounds.MayLease(edge) ? Math.Min(request.LifetimeMs, _edge.Options.LifetimeMs) : 0;
        var passedOn = request with { Terms = terms!, LifetimeMs = lifetime };
        (failure, var reply) = await AskAsync(
            () => _edge.Buckets.ReserveAsync(bucket, passedOn, CancellationToken.None),
            mayResend: lifetime > 0).ConfigureAwait(false);
        if (reply is null) return (failure, null);
        _bounds.Leased(edge, reply.DurationMs);
        if (owned?.Owner is { } owner)
        {
            if (reply.Outcome == ReserveOutcome.Denied) _callers.Denied(owner, _edge.Now());
            _alerts?.Look(owner, RemoteDecision.Of(bucket, owned, reply));
        }
        return (RemoteFailure.None, ReplyOrder.Of(reply, terms!, request));
    }

    /// <summary>Passes a correction on, under the terms that this process resolves.</summary>
    /// <inheritdoc cref="ReserveAsync"/>
    public async ValueTask<(RemoteFailure Failure, ChargeOutcome? Outcome)> ChargeAsync(
        BucketId bucket, ChargeRequest request, CancellationToken cancellation)
    {
        if (!RequestBounds.IsPossible(request)) return (RemoteFailure.InvalidRequest, null);
        var (failure, owned) = await OwnedAsync(bucket, request.Terms.Version.Policy, cancellation)
            .ConfigureAwait(false);
        if (owned is null) return (failure, null);
        var passedOn = request with { Terms = owned.Terms };
        (failure, var outcome) = await AskAsync(async () => (ChargeOutcome?)await _edge.Buckets
            .ChargeAsync(bucket, passedOn, CancellationToken.None).ConfigureAwait(false), mayResend: false)
            .ConfigureAwait(false);
        return (failure, outcome);
    }

    /// <summary>Whose secret it is, as the directory has it now; null for nobody's. The key counts as used.</summary>
    /// <exception cref="StoreUnavailableException">The directory cannot be reached.</exception>
    public ValueTask<RemoteIdentity?> IdentifyAsync(CredentialHash hash, CancellationToken cancellation) =>
        _callers.IdentifyAsync(hash, default, default, _edge.Now(), cancellation);

    /// <summary>A tenant, and its key if one is named, as the directory has them now; null for none.</summary>
    /// <exception cref="StoreUnavailableException">The directory cannot be reached.</exception>
    public ValueTask<RemoteIdentity?> IdentifyAsync(TenantId tenant, KeyId key, CancellationToken cancellation) =>
        _callers.IdentifyAsync(null, tenant, key, _edge.Now(), cancellation);

    /// <summary>Saves what an edge counted, all of it or nothing. False: it says what no edge counts.</summary>
    /// <param name="edge">Who calls; the rows have to be its own.</param>
    /// <param name="rows">At least one, no two of one writer.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">They are not saved; a repetition is safe.</exception>
    public async ValueTask<bool> SaveRowsAsync(
        EdgeId edge, IReadOnlyList<UsageRow> rows, CancellationToken cancellation)
    {
        var now = _edge.Now().Wall;
        if (rows.Any(row => row.Writer.Edge != edge || !RowBounds.IsPossible(row, now))) return false;
        if (_rows is null) throw new StoreUnavailableException("This process counts no usage.");
        // Lines once each and in their order, whatever came.
        var saved = rows.Select(row => row with { Sheet = UsageSheet.Sum([row.Sheet]) }).ToArray();
        await _rows.SaveRowsAsync(saved, cancellation).ConfigureAwait(false);
        return true;
    }

    private async ValueTask<(RemoteFailure Failure, OwnedBucket? Owned)> OwnedAsync(
        BucketId bucket, long generation, CancellationToken cancellation)
    {
        var policy = _policy();
        if (generation > policy.Generation) return (RemoteFailure.PolicyBehind, null);
        try
        {
            var owned = await _callers.OwnedAsync(bucket, policy, _edge.Now(), cancellation).ConfigureAwait(false);
            return (owned is null ? RemoteFailure.UnknownBucket : RemoteFailure.None, owned);
        }
        catch (StoreUnavailableException)
        {
            return (RemoteFailure.Unreachable, null);
        }
    }

    private async ValueTask<(RemoteFailure Failure, T? Answer)> AskAsync<T>(
        Func<ValueTask<T>> ask, bool mayResend)
    {
        if (_edge.Outage.IsBarred()) return (RemoteFailure.Unreachable, default);
        try
        {
            return (RemoteFailure.None, await _edge.AskAsync(ask, mayResend).ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is BucketsUnavailableException or TimeoutException)
        {
            _edge.OnFailure(failure);
            return (failure is BucketFailedException ? RemoteFailure.Damaged : RemoteFailure.Unreachable, default);
        }
    }

    // Older than any terms that a bucket was used under: it keeps its own.
    private static Terms Powerless(Terms terms) => new(default, terms.Limits);
}
