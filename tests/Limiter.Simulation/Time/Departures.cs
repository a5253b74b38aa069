namespace Limiter.Simulation.Time;

/// <summary>
/// What edges send at one moment. Their order can follow that of a hash table, which no seed tells, so it leaves, and
/// draws its chances, only when all of it is here and sorted.
/// </summary>
internal sealed class Departures
{
    private List<Departure> _waiting = [];
    private List<Departure> _leaving = [];

    public Departures(Pump pump) => pump.Settled = Flush;

    public void Add(int edge, int site, Action leave) =>
        _waiting.Add(new Departure(edge, site, _waiting.Count, leave));

    private void Flush()
    {
        // Who leaves may make others go, at the same moment.
        while (_waiting.Count > 0)
        {
            (_waiting, _leaving) = (_leaving, _waiting);
            if (_leaving.Count > 1) _leaving.Sort(static (x, y) => x.CompareTo(y));
            foreach (var departure in _leaving) departure.Leave();
            _leaving.Clear();
        }
    }

    private readonly record struct Departure(int Edge, int Site, int Order, Action Leave)
    {
        public int CompareTo(in Departure other) =>
            Edge != other.Edge ? Edge.CompareTo(other.Edge)
            : Site != other.Site ? Site.CompareTo(other.Site)
            : Order.CompareTo(other.Order);
    }
}
