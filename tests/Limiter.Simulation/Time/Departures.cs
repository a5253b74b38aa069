namespace Limiter.Simulation.Time;

/// <summary>
/// What edges send at one moment. Their order can follow that of a hash table, which no seed tells, so it leaves, and
/// draws its chances, only when all of it is here and sorted.
/// </summary>
internal sealed class Departures
{
    private List<(int Edge, int Site, int Order, Action Leave)> _waiting = [];
    private List<(int Edge, int Site, int Order, Action Leave)> _leaving = [];

    public Departures(Pump pump) => pump.Settled = Flush;

    public void Add(int edge, int site, Action leave) => _waiting.Add((edge, site, _waiting.Count, leave));

    private void Flush()
    {
        // Who leaves may make others go, at the same moment.
        while (_waiting.Count > 0)
        {
            (_waiting, _leaving) = (_leaving, _waiting);
            if (_leaving.Count > 1)
                _leaving.Sort((x, y) => (x.Edge, x.Site, x.Order).CompareTo((y.Edge, y.Site, y.Order)));
            foreach (var (_, _, _, leave) in _leaving) leave();
            _leaving.Clear();
        }
    }
}
