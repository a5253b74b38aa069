using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Edges;

/// <summary>
/// One edge's way to the counted usage: saving takes a while, and sometimes fails, or succeeds and says it failed.
/// </summary>
/// <param name="store">Where it is saved.</param>
/// <param name="process">Who saves.</param>
/// <param name="pump">True time.</param>
/// <param name="dice">Delays and failures.</param>
/// <param name="isAway">Whether the store cannot be reached now.</param>
/// <param name="delayMsMax">Longest way there, and back.</param>
/// <param name="forgets">Saves, in millionths, of which nothing stays; 0 unless it is broken on purpose.</param>
internal sealed class EdgeUsage(
    IUsageRows store, Process process, Pump pump, Dice dice, Func<bool> isAway, long delayMsMax, int forgets)
    : IUsageRows
{
    private const int Fails = 30_000;
    private const int LosesAnswer = 30_000;

    /// <summary>Answers at once, for one that is about to end.</summary>
    public bool IsHasty { get; set; }

    public ValueTask SaveRowsAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellation)
    {
        pump.CheckThread();
        if (IsHasty) return Save(rows) ? default : ValueTask.FromException(NewFailure());
        var asked = new TaskCompletionSource();
        pump.In(dice.Between(1, delayMsMax) * Pump.Millisecond, null, () =>
        {
            var saved = Save(rows);
            pump.In(dice.Between(1, delayMsMax) * Pump.Millisecond, process, () =>
            {
                if (saved) asked.SetResult();
                else asked.SetException(NewFailure());
            });
        });
        return new ValueTask(asked.Task);
    }

    private bool Save(IReadOnlyList<UsageRow> rows)
    {
        if (isAway() || dice.Chance(Fails)) return false;
        if (dice.Chance(forgets)) return true;
        // In memory, so it is done when the call returns.
        store.SaveRowsAsync(rows, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return !dice.Chance(LosesAnswer);
    }

    private static StoreUnavailableException NewFailure() => new("The usage is away.");
}
