using Limiter.Domain;

namespace Limiter.Engine.Ports;

/// <summary>
/// A journal of the checks that carried an id, written behind the answers: with it a restarted process still knows a
/// check that its client repeats. A check that was answered but not yet saved when the process died is forgotten.
/// </summary>
public interface IRememberedChecks
{
    /// <summary>How long a check is remembered, in milliseconds (10 minutes).</summary>
    const long LifetimeMs = 10 * 60 * 1000;

    /// <summary>Most checks of one save: grants wait for the same writer, so a save is short.</summary>
    const int SaveMax = 1_000;

    /// <summary>Most checks of one load.</summary>
    const int LoadMax = 100_000;

    /// <summary>
    /// Saves the checks (a later one replaces an earlier one of the same id) and forgets those that are older than
    /// <see cref="LifetimeMs"/>. All or none are saved, durably when it returns.
    /// </summary>
    /// <param name="checks">0 to <see cref="SaveMax"/>.</param>
    /// <exception cref="StoreUnavailableException">The journal cannot be reached or cannot be saved.</exception>
    ValueTask SaveAsync(IReadOnlyList<RememberedCheck> checks, CancellationToken cancellation);

    /// <summary>The latest <paramref name="take"/> checks since a time, in the order of time.</summary>
    /// <param name="since">The earliest <see cref="RememberedCheck.At"/>.</param>
    /// <param name="take">1 to <see cref="LoadMax"/>.</param>
    /// <exception cref="StoreUnavailableException">The journal cannot be reached.</exception>
    ValueTask<IReadOnlyList<RememberedCheck>> LoadAsync(Instant since, int take, CancellationToken cancellation);
}
