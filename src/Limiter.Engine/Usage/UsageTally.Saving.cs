using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

// How the counts come to be saved.
public sealed partial class UsageTally
{
    private async Task LookAsync()
    {
        // One save at a time; the next look comes in a second.
        if (IsSaving) return;
        Report();
        try
        {
            var saved = await SaveAsync(_clock.GetTimestamp(), CancellationToken.None).ConfigureAwait(false);
            if (saved > 0) _isFailing = false;
        }
#pragma warning disable CA1031 // Counting goes on whatever the store says.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // Once an outage.
            if (!_isFailing) _onFailure(failure);
            _isFailing = true;
        }
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

    private async Task<int> SaveAsync(long until, CancellationToken cancellation)
    {
        await _saving.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var saved = 0;
            while (Take(until) is { Count: > 0 } batch)
            {
                await SaveAsync(batch, cancellation).ConfigureAwait(false);
                saved += batch.Count;
            }
            return saved;
        }
        finally
        {
            _saving.Release();
        }
    }

    private async Task SaveAsync(List<(OpenSheet Sheet, UsageRow Row)> batch, CancellationToken cancellation)
    {
        var saved = false;
        try
        {
            await _store.SaveRowsAsync(batch.ConvertAll(one => one.Row), cancellation).ConfigureAwait(false);
            saved = true;
        }
        finally
        {
            foreach (var (sheet, _) in batch)
            {
                if (!saved) sheet.Owner.Unsave(sheet);
                _due.Add(sheet, _clock.GetTimestamp() + _interval);
            }
        }
    }

    // The next sheets that have something to save. Those that have not are looked at later, or let go.
    private List<(OpenSheet Sheet, UsageRow Row)> Take(long until)
    {
        var batch = new List<(OpenSheet, UsageRow)>();
        var closeBefore = _clock.GetTimestamp() - CloseAfterSeconds * _clock.TimestampFrequency;
        while (batch.Count < IUsageStore.SaveMax && _due.TryTake(until, out var sheet))
        {
            if (sheet.Owner.Save(sheet) is { } row) batch.Add((sheet, row));
            else if (sheet.OpenedAt > closeBefore && until != long.MaxValue)
                _due.Add(sheet, _clock.GetTimestamp() + _interval);
            else if (!sheet.Owner.TryClose(sheet, out var isLast)) _due.Add(sheet, _clock.GetTimestamp() + _interval);
            else if (isLast) Remove(sheet.Owner);
        }
        return batch;
    }
}
