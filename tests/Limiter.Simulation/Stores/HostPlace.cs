using Limiter.Simulation.Running;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Stores;

/// <summary>
/// Where one share of the buckets runs: a process now, and sometimes the one before it, which still answers those who
/// have not noticed.
/// </summary>
internal sealed class HostPlace
{
    private readonly Pump _pump;
    private readonly Dice _dice;
    private readonly StoreWeather _weather;
    private readonly Timeline _timeline;
    private readonly int _index;
    private BucketHost _current;
    private BucketHost? _former;
    private int _starts;
    private bool _isRestarting;

    public HostPlace(int index, Pump pump, Dice dice, StoreWeather weather, Timeline timeline)
    {
        (_index, _pump, _dice, _weather, _timeline) = (index, pump, dice, weather, timeline);
        _current = Start();
    }

    /// <summary>The host's clock: what a new process on the same machine reads.</summary>
    public HostClock Clock => _current.Clock;

    /// <summary>Brings a request to the process that answers this edge; false when none is there.</summary>
    public bool Take(int edge, BucketWork work)
    {
        var host = _former is { Process.IsDead: false } && (edge + _starts) % 3 == 0 ? _former : _current;
        var lives = !host.Process.IsDead;
        if (host.Process.Runs) host.Take(work);
        else if (lives) host.Process.Run(() => host.Take(work));
        // It may have crashed just now, or in the middle of a slow save.
        if (_current.Process.IsDead) Restart();
        return lives;
    }

    /// <summary>The process dies; another one starts from what was saved.</summary>
    public void Crash()
    {
        if (_current.Process.IsDead) return;
        _current.Process.Kill();
        Restart();
    }

    /// <summary>Another process takes over on another machine; this one knows nothing of it for a while.</summary>
    public void MoveAway(long formerMs)
    {
        if (_current.Process.IsDead) return;
        _former?.Process.Kill();
        _former = _current;
        _current = Start();
        var former = _former;
        _timeline.Add($"host {_index} moves, clock {Clock.SkewMs:+0;-0;0} ms; the old process answers on");
        _pump.In(formerMs * Pump.Millisecond, null, former.Process.Kill);
    }

    /// <summary>The process stops; what comes back lets it go on.</summary>
    public Action Stop(long ms)
    {
        var host = _current;
        host.Process.Stop();
        _timeline.Add($"host {_index} stops for {ms} ms");
        return () => host.Process.GoOn(_pump);
    }

    private void Restart()
    {
        if (_isRestarting) return;
        _isRestarting = true;
        _timeline.Add($"host {_index} has crashed");
        _pump.In(_dice.Between(0, _weather.DownMs) * Pump.Millisecond, null, () =>
        {
            _isRestarting = false;
            _current = Start();
        });
    }

    private BucketHost Start()
    {
        var skew = _dice.Between(-_weather.SkewMs, _weather.SkewMs);
        var process = new Process($"host {_index}.{++_starts}");
        return new BucketHost(_pump, process, new HostClock(_pump, skew), _dice.Fork(), _weather);
    }
}
