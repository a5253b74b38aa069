using System.Runtime.ExceptionServices;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

// How the counts come to be saved.
public sealed partial class UsageTally
{
    private const long CloseAfterSeconds = 90;

    // A minute's last save: with a look a second at most 7 s after its end, which leaves the store three of the ten
    // that a reader waits (UsageReader.MinuteGraceMs). Not every edge at the same moment.
    private const long SaveAfterMs = 2_000;
    private const long StaggerMs = 4_000;

    private async Task LookAsync()
    {
        // One save at a time; the next look comes in a second.
        if (IsSaving) return;
        Report();
        if (!IsAnyDue()) return;
        try
        {
            var (saved, failure) = await SaveAsync(_clock.GetTimestamp(), CancellationToken.None).ConfigureAwait(false);
            if (failure is not null) Failed(failure);
            else if (saved > 0) _isFailing = false;
        }
#pragma warning disable CA1031 // Counting goes on whatever the store says.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(failure);
        }
    }

    // Once an outage.
    private void Failed(Exception failure)
    {
        if (!_isFailing) _onFailure(failure);
        _isFailing = true;
    }

    // What is dropped is told, once for each look that finds more.
    private void Report()
    {
        var uncounted = Interlocked.Read(ref _uncounted);
        if (uncounted == _reported) return;
        _reported = uncounted;
        _onFailure(new InvalidOperationException(
            $"{uncounted} checks were not counted so far: more than {TenantsMax} tenants at once"));
    }

    // Others come to save between two batches: whoever reads a tenant's usage need not wait for all the others'. What
    // fails is told as a value, since a look comes each second as long as a store is away.
    private async Task<(int Saved, Exception? Failure)> SaveAsync(long until, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _rounds);
        try
        {
            for (var all = 0; ;)
            {
                var (saved, failure) = await SaveNextAsync(until, cancellation).ConfigureAwait(false);
                if (saved == 0 || failure is not null) return (all, failure);
                all += saved;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _rounds);
        }
    }

    private async Task<(int Saved, Exception? Failure)> SaveNextAsync(long until, CancellationToken cancellation)
    {
        await _saving.WaitAsync(cancellation).ConfigureAwait(false);
        var batch = new List<(OpenSheet Sheet, UsageRow Row)>();
        try
        {
            Take(until, batch);
            return (batch.Count, batch.Count > 0 ? await SaveAsync(batch, cancellation).ConfigureAwait(false) : null);
        }
        finally
        {
            foreach (var (sheet, _) in batch) _due.Add(sheet, NextSave());
            _saving.Release();
        }
    }

    // Null: they are saved.
    private async Task<Exception?> SaveAsync(
        List<(OpenSheet Sheet, UsageRow Row)> batch, CancellationToken cancellation)
    {
        Exception failure;
        try
        {
            var saving = _store.SaveRowsAsync(batch.ConvertAll(one => one.Row), cancellation).AsTask();
            await saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (saving.IsCompletedSuccessfully) return null;
            failure = saving.Exception?.InnerException ?? new TaskCanceledException(saving);
        }
#pragma warning disable CA1031 // Thrown to whoever asked for the save.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            failure = thrown;
        }
        foreach (var (sheet, _) in batch) sheet.Owner.Failed(sheet);
        return failure;
    }

    private static void Throw(Exception? failure)
    {
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }

    // The next sheets that have something to save. Those that have not are looked at later, or let go.
    private void Take(long until, List<(OpenSheet Sheet, UsageRow Row)> batch)
    {
        var closeBefore = _clock.GetTimestamp() - CloseAfterSeconds * _clock.TimestampFrequency;
        while (batch.Count < IUsageStore.SaveMax
            && (_overdue.TryTake(until, out var sheet) || _due.TryTake(until, out sheet)))
        {
            if (sheet.Owner.Save(sheet) is { } row) batch.Add((sheet, row));
            else if (sheet.OpenedAt > closeBefore && until != long.MaxValue) _due.Add(sheet, NextSave());
            else if (!sheet.Owner.TryClose(sheet, out var isLast)) _due.Add(sheet, NextSave());
            else if (isLast) Remove(sheet.Owner);
        }
    }

    private void Queue(OpenSheet begun, long now)
    {
        var isOver = begun.Minute < _clock.GetUtcNow().ToUnixTimeMilliseconds() / UsagePeriod.MinuteMs;
        if (isOver) _overdue.Add(begun, now + Math.Min(_saveSeconds * _clock.TimestampFrequency, Ticks(SaveAfterMs)));
        else _due.Add(begun, NextSave());
    }

    // When a row is saved that is begun or saved now: soon after the end of the minute that goes on at the latest.
    private long NextSave()
    {
        var now = _clock.GetTimestamp();
        var passed = _clock.GetUtcNow().ToUnixTimeMilliseconds() % UsagePeriod.MinuteMs;
        var last = now + Ticks(UsagePeriod.MinuteMs - passed + _graceMs);
        return _saveSeconds == 60 ? last : Math.Min(now + _saveSeconds * _clock.TimestampFrequency, last);
    }

    private bool IsAnyDue()
    {
        var now = _clock.GetTimestamp();
        return _overdue.IsDue(now) || _due.IsDue(now);
    }

    private long Ticks(long milliseconds) =>
        (long)((Int128)milliseconds * _clock.TimestampFrequency / 1_000);
}
