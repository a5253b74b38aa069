using Limiter.Simulation.Time;

namespace Limiter.Simulation.Stores;

/// <summary>
/// The ways between edges and hosts: messages are lost, doubled, late and out of order, and a partition swallows all of
/// a way.
/// </summary>
internal sealed class Network
{
    private readonly Pump _pump;
    private readonly Dice _dice;
    private readonly NetworkWeather _weather;
    private readonly Dictionary<(int Edge, int Place), long> _cutUntil = [];
    private readonly Departures _departures;

    public Network(Pump pump, Dice dice, NetworkWeather weather, Departures departures) =>
        (_pump, _dice, _weather, _departures) = (pump, dice, weather, departures);

    public bool IsLocal => _weather.IsLocal;

    /// <summary>Nothing passes between an edge and a host for a while.</summary>
    public void Cut(int edge, int place, long ms) =>
        _cutUntil[(edge, place)] = Math.Max(CutUntil(edge, place), _pump.Now + (ms * Pump.Millisecond));

    public void Heal() => _cutUntil.Clear();

    public bool IsCut(int edge, int place) => CutUntil(edge, place) > _pump.Now;

    /// <summary>A request of an edge to a bucket.</summary>
    public void Ask(int edge, int site, int place, Action deliver) =>
        _departures.Add(edge, site, () => Send(edge, place, deliver));

    /// <summary>A host's answer.</summary>
    public void Answer(int edge, int place, Action deliver) => Send(edge, place, deliver);

    private long CutUntil(int edge, int place) => _cutUntil.GetValueOrDefault((edge, place));

    private void Send(int edge, int place, Action deliver)
    {
        if (_dice.Chance(_weather.Loss)) return;
        for (var copies = _dice.Chance(_weather.Duplication) ? 2 : 1; copies > 0; copies--)
            _pump.In(Delay(), null, () =>
            {
                if (!IsCut(edge, place)) deliver();
            });
    }

    private long Delay() => _dice.Chance(_weather.Late)
        ? _dice.Between(1, NetworkWeather.LateMsMax) * Pump.Millisecond
        : Pump.Millisecond + _dice.Waiting(_weather.DelayMs * Pump.Millisecond);
}
