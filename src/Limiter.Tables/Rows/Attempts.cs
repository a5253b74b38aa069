using System.Security.Cryptography;
using Limiter.Engine.Ports;

namespace Limiter.Tables.Rows;

/// <summary>
/// Bounds how often a change is made again because another process changed the same rows, and parts the two in time.
/// </summary>
/// <param name="what">What is being changed, for the message.</param>
internal sealed class Attempts(string what, TimeProvider clock)
{
    public const int Max = 20;
    private const int PauseMsMax = 25;

    private int _made;

    /// <summary>To be called before every attempt; waits before all but the first.</summary>
    /// <exception cref="StoreUnavailableException">There were <see cref="Max"/> already.</exception>
    public async ValueTask NextAsync(CancellationToken cancellation)
    {
        if (_made == Max)
            throw new StoreUnavailableException($"{what}: others changed it {Max} times while this change was made");
        if (_made++ == 0) return;
        var pause = RandomNumberGenerator.GetInt32(PauseMsMax * Math.Min(_made, 8));
        await Task.Delay(TimeSpan.FromMilliseconds(pause), clock, cancellation).ConfigureAwait(false);
    }
}
