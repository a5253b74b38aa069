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

    // What edges send at one moment. Their order can follow that of a hash table, which no seed tells, so chance is
    // drawn only when all of it is here and sorted.
    private readonly List<(int Edge, int Site, int Order, int Place, Action Deliver)> _outbox = [];

    public Network(Pump pump, Dice dice, NetworkWeather weather)
    {
        (_pump, _dice, _weather) = (pump, dice, weather);
        pump.Settled = Flush;
    }

    public bool IsLocal => _weather.IsLocal;

    /// <summary>Nothing passes between an edge and a host for a while.</summary>
    public void Cut(int edge, int place, long ms) =>
        _cutUntil[(edge, place)] = Math.Max(CutUntil(edge, place), _pump.Now + (ms * Pump.Millisecond));

    public void Heal() => _cutUntil.Clear();

    public bool IsCut(int edge, int place) => CutUntil(edge, place) > _pump.Now;

    /// <summary>A request of an edge to a bucket.</summary>
    public void Ask(int edge, int site, int place, Action deliver) => 
        _outbox.Add((edge, site, _outbox.Count, place, deliver));

    /// <summary>A host's answer.</summary>
    public void Answer(int edge, int place, Action deliver) => Send(edge, place, deliver);

    private long CutUntil(int edge, int place) => _cutUntil.GetValueOrDefault((edge, place));

    private void Flush()
    {
        if (_outbox.Count == 0) return;
        if (_outbox.Count > 1)
            _outbox.Sort((x, y) => (x.Edge, x.Site, x.Order).CompareTo((y.Edge, y.Site, y.Order)));
        foreach (var (edge, _, _, place, deliver) in _outbox) Send(edge, place, deliver);
        _outbox.Clear();
    }

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
