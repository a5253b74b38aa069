namespace Limiter.Http.Alerts;

/// <summary>The operator's own log of alerts, for tenants without a webhook: a line of JSON each.</summary>
internal interface IAlertLines
{
    /// <exception cref="IOException">The line could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it.</exception>
    Task WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellation);
}
