using System.Security.Cryptography;
using System.Text;
using Limiter.Client.Remote;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Engine.Usage;
using Limiter.Http.Auth;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Limiter.Client.Edge;

/// <summary>
/// This process as an edge of a limiter elsewhere: what decides, what counts, and what keeps both up to date. It starts
/// whether the limiter can be reached or not, and settles when the host stops.
/// </summary>
internal sealed class ClientEdge : IHostedService, IAsyncDisposable
{
    /// <summary>Longest time for leases and counts to be settled at the end; what is not settled expires.</summary>
    public static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(2);

    /// <summary>How far two machines' clocks may run apart, in millionths: the bucket decides on another one.</summary>
    private const long DriftPpm = 250;

    private readonly LimiterClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly RemoteCalls _calls;
    private readonly FailureLog _failures;
    private readonly UsageTally _usage;
    private readonly EdgeId _id = NewId();
    private readonly PolicyPolling _polling;
    private Checker? _checker;
    private bool _isClosed;

    public ClientEdge(IOptions<LimiterClientOptions> options, ILogger<ClientEdge> logger, TimeProvider? clock = null)
    {
        _options = options.Value;
        _clock = clock ?? TimeProvider.System;
        _calls = new RemoteCalls(_options);
        _failures = new FailureLog(logger, TimeProvider.System);
        _usage = new UsageTally(
            _id, new RemoteRows(_calls, _failures.Told), _clock,
            new UsageOptions { SaveSeconds = _options.UsageSaveSeconds }, _failures.Told);
        // What tells addresses to this process, if anything does, has done so before a request comes here.
        Guesses = new KeyGuesses(addressesAreTold: false, _clock);
        _polling = new PolicyPolling(this, _calls, _options.PolicyInterval, _failures.Told);
        if (_options.FallbackPolicy is { } fallback) _checker = NewChecker(_id, InForce(Compile(fallback), 0), null);
    }

    /// <summary>What decides here; null until the policy is known.</summary>
    public Checker? Checker => Volatile.Read(ref _checker);

    public LimiterClientOptions Options => _options;

    /// <summary>Slows addresses that guess credentials: each unknown one is a question to the limiter.</summary>
    public KeyGuesses Guesses { get; }

    /// <summary>
    /// Corrects what a request cost, behind its answer: nobody waits for that. One that cannot be taken in is told.
    /// </summary>
    public void Correct(in AdmittedCheck admitted, long trueCost)
    {
        if (admitted.Cost == trueCost || Checker is not { } checker || checker.ChargeLater(admitted, trueCost)) return;
        _failures.Told(new BucketsUnavailableException("Too many corrections wait: a cost stands as it was charged."));
    }

    /// <summary>Asks for the policy once, in bounded time: a limiter that is away prevents no start.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _polling.AskAsync(cancellationToken).ConfigureAwait(false);
        _polling.Start();
    }

    /// <summary>Gives the leases back and tells the counts, within <see cref="SettlePatience"/>.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_isClosed) return;
        _isClosed = true;
        await _polling.DisposeAsync().ConfigureAwait(false);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(SettlePatience);
        // Beside each other: buckets that do not answer shall not cost the counts.
        await Task.WhenAll(SettleAsync(patience.Token), SaveAsync(patience.Token)).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (Checker is { } checker) await checker.DisposeAsync().ConfigureAwait(false);
        await _usage.DisposeAsync().ConfigureAwait(false);
        _calls.Dispose();
    }

    /// <summary>Looks at the policy now, as when a limiter tells of a newer one.</summary>
    public Task RefreshAsync(CancellationToken cancellation) => _polling.AskAsync(cancellation);

    /// <summary>Puts the limiter's policy in force.</summary>
    /// <param name="told">What the limiter tells.</param>
    /// <param name="restarts">
    /// The limiter counts generations anew: this edge begins anew as well, and what it held elsewhere expires.
    /// </param>
    public void Adopt(RemotePolicy told, bool restarts)
    {
        if (_options.WaitLimit is null) _calls.WaitLimit = TimeSpan.FromMilliseconds(told.WaitMs);
        var policy = InForce(told.Policy, told.Generation);
        var known = Checker;
        // An edge that was made without the limiter does not know yet how to lease.
        if (known is not null && !restarts && known.Policy.Generation > 0)
        {
            known.Adopt(policy);
            return;
        }
        Volatile.Write(ref _checker, NewChecker(known is null ? _id : NewId(), policy, told));
        if (known is not null) _ = CloseAsync(known);
    }

    private Checker NewChecker(EdgeId id, PolicyInForce policy, RemotePolicy? told)
    {
        var buckets = new RemoteBuckets(_calls, id);
        var leases = new LeaseOptions { DriftPpm = DriftPpm, WaitLimit = _calls.WaitLimit };
        if (told is not null) leases = leases with { LifetimeMs = told.LeaseMs };
        var checker = new Checker(
            policy, id, new RemoteIdentities(_calls, id, TimeProvider.System), buckets, _clock, leases,
            onFailure: _failures.Told, usage: _usage);
        buckets.OnPolicy = _polling.Told;
        buckets.OnUnknown = checker.Forget;
        return checker;
    }

    private async Task SettleAsync(CancellationToken patience)
    {
        if (Checker is not { } checker) return;
        try
        {
            await checker.CloseAsync(patience).AsTask().WaitAsync(patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What is not settled expires.
        }
    }

    private async Task SaveAsync(CancellationToken patience)
    {
        try
        {
            await _usage.CloseAsync(patience).AsTask().WaitAsync(patience).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or OperationCanceledException)
        {
            _failures.Told(failure);
        }
    }

    private static async Task CloseAsync(Checker former)
    {
        using var patience = new CancellationTokenSource(SettlePatience);
        await former.CloseAsync(patience.Token).ConfigureAwait(false);
        await former.DisposeAsync().ConfigureAwait(false);
    }

    private PolicyInForce InForce(Policy policy, long generation) =>
        new(policy, generation, Instant.From(_clock.GetUtcNow()));

    private static Policy Compile(string text) =>
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out var policy, out var errors)
            ? policy
            : throw new OptionsValidationException(nameof(LimiterClientOptions), typeof(LimiterClientOptions),
                errors.Select(error => $"FallbackPolicy: {error}"));

    private static EdgeId NewId() => EdgeId.New(RandomNumberGenerator.GetBytes(EdgeId.Bytes));
}
