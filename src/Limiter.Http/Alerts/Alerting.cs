using System.Security.Cryptography;
using Limiter.Domain.Policies;
using Limiter.Engine.Alerts;
using Limiter.Engine.Ports;

namespace Limiter.Http.Alerts;

/// <summary>All that alerts need in one process: what finds them, what sends them, what answers for them.</summary>
public sealed class Alerting : IAsyncDisposable
{
    private const int Chances = 1_000_000;

    private readonly IAlertStore _store;
    private readonly IDirectory _directory;
    private readonly TimeProvider _clock;
    private readonly SecretSeal _seal;
    private readonly WebhookTargets _targets;
    private readonly Webhooks _hooks;
    private readonly AlertSender _sender;
    private readonly DailySummaries _summaries;

    private Alerting(
        IAlertStore store, IDirectory directory, IUsageStore usage, TimeProvider clock, AlertingOptions options,
        ReadOnlySpan<byte> signingKey, Action<Exception> onFailure)
    {
        (_store, _directory, _clock) = (store, directory, clock);
        _seal = new SecretSeal(signingKey);
        _targets = new WebhookTargets(options.PrivateHooks);
        _hooks = new Webhooks(_targets, clock);
        Watch = new AlertWatch(store, clock, options.Otherwise, onFailure);
        IAlertLines lines = options.File is { } file ? new FileLines(file) : new OutputLines(Console.Out);
        _sender = new AlertSender(
            store, new AlertDelivery(_hooks, lines, _seal), Watch.Counts, clock,
            static () => RandomNumberGenerator.GetInt32(Chances));
        _summaries = new DailySummaries(store, usage, directory, Watch, clock);
    }

    /// <summary>Looks at decisions.</summary>
    public AlertWatch Watch { get; }

    /// <param name="store">Rules and outbox.</param>
    /// <param name="directory">Tenants, and the key that secrets are sealed with.</param>
    /// <param name="usage">The closed days.</param>
    /// <param name="clock">The time of decisions.</param>
    /// <param name="options">What tenants are told, and where.</param>
    /// <param name="onFailure">Told of a store that fails; must not throw.</param>
    /// <param name="cancellation">Ends the wait for the stores.</param>
    /// <exception cref="StoreUnavailableException">A store cannot be reached.</exception>
    public static async Task<Alerting> OpenAsync(
        IAlertStore store, IDirectory directory, IUsageStore usage, TimeProvider clock, AlertingOptions options,
        Action<Exception> onFailure, CancellationToken cancellation)
    {
        var key = await directory.SigningKeyAsync(cancellation).ConfigureAwait(false);
        var alerting = new Alerting(store, directory, usage, clock, options, key.Span, onFailure);
        try
        {
            await alerting.Watch.RefreshAsync(cancellation).ConfigureAwait(false);
            return alerting;
        }
        catch
        {
            await alerting.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Answers for the tenants' rules.</summary>
    public AlertsHandler Rules(Func<Policy> policy) => new(_directory, _store, Watch, _seal, _targets, policy, _clock);

    /// <summary>Answers for what was sent.</summary>
    public SentAlertsHandler Sent() => new(_directory, _store, _clock);

    /// <summary>Delivers what is due; returns how many alerts arrived.</summary>
    /// <exception cref="StoreUnavailableException">The outbox cannot be reached; the next run goes on.</exception>
    public Task<int> SendAsync(CancellationToken cancellation) => _sender.SendDueAsync(cancellation);

    /// <summary>Adds the summaries of days that were closed; returns how many.</summary>
    /// <exception cref="StoreUnavailableException">A store cannot be reached; the next run goes on.</exception>
    public Task<int> SummariseAsync(CancellationToken cancellation) => _summaries.RunAsync(cancellation);

    /// <summary>Whatever is to be done by now: for a clock that is moved by hand.</summary>
    /// <inheritdoc cref="SummariseAsync"/>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await Watch.SaveAsync(cancellation).ConfigureAwait(false);
        await SummariseAsync(cancellation).ConfigureAwait(false);
        await SendAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Adds what was found to the outbox before the process ends; what fails is lost unless found again.
    /// </summary>
    public async Task CloseWithinAsync(TimeSpan patience)
    {
        using var ended = new CancellationTokenSource(patience);
        try
        {
            await Watch.SaveAsync(ended.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or OperationCanceledException)
        {
            // The store was told of already, and the process ends.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Watch.DisposeAsync().ConfigureAwait(false);
        _hooks.Dispose();
        _seal.Dispose();
    }
}
