using Limiter.Domain.Usage;

namespace Limiter.Engine.Ports;

/// <summary>Where an edge's counts go.</summary>
public interface IUsageRows
{
    /// <summary>
    /// Writes each row, in place of the states that its writer told before: one whose revision is stored already, or a
    /// later one, changes nothing. Durable when it returns; a save that had no answer may take effect at any time.
    /// </summary>
    /// <param name="rows">1 to <see cref="IUsageStore.SaveMax"/>, no two of one tenant, minute and writer.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be reached, or cannot save.</exception>
    ValueTask SaveRowsAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellation);
}
