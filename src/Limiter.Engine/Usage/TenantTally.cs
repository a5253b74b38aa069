using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>
/// Counts one tenant's checks on this edge, minute by minute. Admissions count in the minute of their bucket's time, so
/// that a day counts what its bucket charges; minutes may therefore overlap, and several be open at once. Thread-safe:
/// it is its own lock, as there may be a million of it.
/// </summary>
internal sealed class TenantTally(TenantId tenant, UsageTally tally)
{
    private const long MinutesOfDay = UsagePeriod.DayMs / UsagePeriod.MinuteMs;

    // The latest begun last; nearly always one.
    private OpenSheet[] _sheets = [];
    private bool _isRetired;

    public TenantId Tenant => tenant;

    public UsageTally Tally => tally;

    /// <summary>Whether it has let its last minute go: another one counts now.</summary>
    public bool IsRetired => Volatile.Read(ref _isRetired);

    /// <summary>False when it is out of use: another has to be asked for.</summary>
    public bool TryCount(Decision decision)
    {
        var minute = decision.At.UnixMilliseconds / UsagePeriod.MinuteMs;
        lock (this)
        {
            if (_isRetired) return false;
            SheetOf_NeedsLock(minute).Count(decision);
            return true;
        }
    }

    /// <inheritdoc cref="TryCount"/>
    public bool TryCorrect(KeyId key, EndpointRule rule, long difference, long minute)
    {
        lock (this)
        {
            if (_isRetired) return false;
            SheetOf_NeedsLock(minute).Correct(key, rule, difference);
            return true;
        }
    }

    /// <summary>The row to save; null when nothing is new.</summary>
    public UsageRow? Save(OpenSheet sheet)
    {
        lock (this) return sheet.IsDirty ? sheet.Save() : null;
    }

    /// <summary>Every row that has something new, to be saved.</summary>
    public List<(OpenSheet Sheet, UsageRow Row)> SaveAll()
    {
        lock (this)
        {
            var dirty = _sheets.Where(static sheet => sheet.IsDirty).Take(IUsageStore.SaveMax);
            return dirty.ToList().ConvertAll(sheet => (sheet, sheet.Save()));
        }
    }

    /// <summary>A row that was to be saved may not be.</summary>
    public void Failed(OpenSheet sheet)
    {
        lock (this) sheet.Failed();
    }

    /// <summary>Lets a sheet go that is saved; false when it counts what is not.</summary>
    public bool TryClose(OpenSheet sheet, out bool isLast)
    {
        lock (this)
        {
            isLast = false;
            if (sheet.IsDirty) return false;
            tally.Shrink(sheet.Lines);
            _sheets = Array.FindAll(_sheets, open => open != sheet);
            isLast = _isRetired = _sheets.Length == 0;
            return true;
        }
    }

    private OpenSheet SheetOf_NeedsLock(long minute)
    {
        for (var i = _sheets.Length - 1; i >= 0; i--)
            if (_sheets[i].Minute == minute) return _sheets[i];
        return SheetOfDay_NeedsLock(minute) ?? Open_NeedsLock(minute);
    }

    // When there are enough: a minute can stand for another, a day cannot, since it is compared with the bucket's.
    private OpenSheet? SheetOfDay_NeedsLock(long minute) =>
        _sheets.Length >= UsageTally.MinutesMax || (_sheets.Length > 0 && !tally.MayGrow)
            ? Array.FindLast(_sheets, open => open.Minute / MinutesOfDay == minute / MinutesOfDay)
            : null;

    private OpenSheet Open_NeedsLock(long minute)
    {
        var sheet = tally.Open(this, minute);
        _sheets = [.. _sheets, sheet];
        return sheet;
    }
}
