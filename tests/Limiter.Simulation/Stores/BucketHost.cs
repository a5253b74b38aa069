using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Stores;

/// <summary>
/// A process that runs buckets: it keeps their states in memory, decides one request of a bucket after the other, and
/// answers when the change is saved over the version that it knew.
/// </summary>
internal sealed class BucketHost(Pump pump, Process process, HostClock clock, Dice dice, StoreWeather weather)
{
    private const int TriesMax = 3;
    private const int QueueMax = 100_000;
    private const long SlowSaveMs = 400;

    private readonly Dictionary<BucketSite, Cell> _cells = [];

    public Process Process { get; } = process;

    public HostClock Clock { get; } = clock;

    public void Take(BucketWork work)
    {
        if (!_cells.TryGetValue(work.Site, out var cell)) _cells.Add(work.Site, cell = new Cell());
        if (cell.IsBusy)
        {
            if (cell.Queue.Count < QueueMax) cell.Queue.Enqueue(work);
            else work.Fail("too many wait");
            return;
        }
        Decide(cell, work, 1);
        while (!cell.IsBusy && Process.Runs && cell.Queue.TryDequeue(out var next)) Decide(cell, next, 1);
    }

    private void Decide(Cell cell, BucketWork work, int tries)
    {
        if (!cell.IsLoaded) cell.Load(work.Site);
        var now = Clock.Now;
        var next = work.Decide(cell.State, now);
        if (ReferenceEquals(next, cell.State))
        {
            // Nothing to save: whether the state is still the last is only known to who looks.
            if (weather.TrustsMemory || cell.Version == work.Site.Version) work.Conclude(now, replies: true);
            else Retry(cell, work, tries);
            return;
        }
        if (!dice.Chance(weather.SlowSave))
        {
            Save(cell, work, next, now, tries);
            return;
        }
        cell.IsBusy = true;
        pump.In(dice.Between(1, SlowSaveMs) * Pump.Millisecond, Process, () =>
        {
            cell.IsBusy = false;
            Save(cell, work, next, now, tries);
            while (!cell.IsBusy && Process.Runs && cell.Queue.TryDequeue(out var waiting)) Decide(cell, waiting, 1);
        });
    }

    private void Save(Cell cell, BucketWork work, BucketState next, Instant now, int tries)
    {
        if (dice.Chance(weather.CrashBeforeSave))
        {
            Process.Kill();
            return;
        }
        if (dice.Chance(weather.WriteFails))
        {
            cell.IsLoaded = false;
            work.Fail("the write failed");
            return;
        }
        if (!work.Site.TrySave(next, cell.Version))
        {
            Retry(cell, work, tries);
            return;
        }
        (cell.State, cell.Version) = (next, work.Site.Version);
        if (dice.Chance(weather.CrashAfterSave))
        {
            work.Conclude(now, replies: false);
            Process.Kill();
            return;
        }
        work.Conclude(now, replies: !dice.Chance(weather.ReplyLost));
    }

    // Another process saved since: what was decided from the older state is void.
    private void Retry(Cell cell, BucketWork work, int tries)
    {
        cell.IsLoaded = false;
        if (tries < TriesMax) Decide(cell, work, tries + 1);
        else work.Fail("another process saves");
    }

    private sealed class Cell
    {
        public BucketState? State { get; set; }

        public long Version { get; set; }

        public bool IsLoaded { get; set; }

        public bool IsBusy { get; set; }

        public Queue<BucketWork> Queue { get; } = new();

        public void Load(BucketSite site) => (State, Version, IsLoaded) = (site.Load(), site.Version, true);
    }
}
