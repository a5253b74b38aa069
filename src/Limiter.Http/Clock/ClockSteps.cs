using System.Diagnostics.CodeAnalysis;
using Limiter.Engine.Checks;
using Limiter.Engine.Clocks;

namespace Limiter.Http.Clock;

/// <summary>
/// Moves a manual clock in steps, each of them while no bucket is being asked: to a conversation under way the whole
/// move would otherwise seem to be its length, and its tokens would count as spent at the end.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="checker">Whoever asks buckets by that clock, also from timers that a step runs.</param>
/// <param name="catchUp">Does what timers that a move runs have only begun.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose handle is never asked for holds nothing.")]
internal sealed class ClockSteps(ManualClock clock, Checker checker, Func<CancellationToken, Task> catchUp)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After so many steps the rest is one: what was held at the start has long ended then, unless the store is out of
    /// reach.
    /// </summary>
    private const int StepsMax = 120;

    /// <summary>Longest wait for a conversation to end before the clock moves all the same.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(1);

    private readonly SemaphoreSlim _moving = new(1, 1);

    /// <summary>Moves the clock; what became due has run, and its conversations have ended, when it returns.</summary>
    /// <param name="by">How far: asked when it is this move's turn, so that moves that wait add up.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public async Task MoveAsync(Func<TimeSpan> by, CancellationToken cancellation)
    {
        await _moving.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await QuietAsync(cancellation).ConfigureAwait(false);
            var left = by();
            for (var steps = 0; left > Step && steps < StepsMax && checker.BucketsInUse > 0; steps++)
            {
                clock.Advance(Step);
                left -= Step;
                await QuietAsync(cancellation).ConfigureAwait(false);
            }
            clock.Advance(left);
            await QuietAsync(cancellation).ConfigureAwait(false);
            await catchUp(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _moving.Release();
        }
    }

    private async Task QuietAsync(CancellationToken cancellation)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (checker.IsAsking && TimeProvider.System.GetElapsedTime(begun) < Patience)
            await Task.Delay(Poll, TimeProvider.System, cancellation).ConfigureAwait(false);
    }
}
