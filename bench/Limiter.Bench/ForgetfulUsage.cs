using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Bench;

/// <summary>Takes every row of usage, and keeps none.</summary>
internal sealed class ForgetfulUsage : IUsageRows
{
    public ValueTask SaveRowsAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellation) => default;
}
