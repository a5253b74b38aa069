using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Limiter.Engine.Ports;

namespace Limiter.Tables;

/// <summary>Which tables a store uses, and how long it tries.</summary>
public sealed record TablesStoreOptions
{
    public const int PrefixLengthMax = 40;

    /// <summary>What the tables' names start with: 1 to 40 ASCII letters and digits, the first a letter.</summary>
    public string Prefix { get; init; } = "limiter";

    /// <summary>How often a request that failed in passing (busy, no answer) is sent again; 0 to 10.</summary>
    public int RetriesMax { get; init; } = 3;

    /// <summary>How long one sending of a request may take; 100 ms to 1 minute.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>1 to <see cref="DirectoryBounds.KeysPerTenantMax"/>.</summary>
    public int KeysPerTenantMax { get; init; } = DirectoryBounds.KeysPerTenantMax;

    /// <summary>What carries requests instead of HTTP, in tests.</summary>
    internal HttpPipelineTransport? Transport { get; init; }

    internal void Check()
    {
        if (Prefix.Length is 0 or > PrefixLengthMax || !char.IsAsciiLetter(Prefix[0])
            || !Prefix.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException(
                $"\"{Prefix}\" cannot start the tables' names: 1 to {PrefixLengthMax} letters and digits, "
                + "the first a letter, can", nameof(Prefix));
        ArgumentOutOfRangeException.ThrowIfNegative(RetriesMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RetriesMax, 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(AttemptTimeout, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AttemptTimeout, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(KeysPerTenantMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(KeysPerTenantMax, DirectoryBounds.KeysPerTenantMax);
    }

    internal TableClientOptions ToClientOptions()
    {
        var options = new TableClientOptions();
        options.Retry.MaxRetries = RetriesMax;
        options.Retry.NetworkTimeout = AttemptTimeout;
        // Callers wait: the defaults (0.8 s, then up to a minute) are for batch work.
        options.Retry.Delay = TimeSpan.FromMilliseconds(100);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        if (Transport is not null) options.Transport = Transport;
        return options;
    }
}
