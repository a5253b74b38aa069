namespace Limiter.Simulation.Auditing;

/// <summary>Findings, counted all and kept up to a bound: a broken promise tends to be broken often.</summary>
internal sealed class FindingList
{
    public const int KeptMax = 32;

    private readonly List<Finding> _kept = [];

    public int Count { get; private set; }

    public IReadOnlyList<Finding> Kept => _kept;

    /// <summary>The sentence is only made when it is kept.</summary>
    public void Add(FindingKind kind, FormattableString sentence)
    {
        Count++;
        if (_kept.Count < KeptMax) _kept.Add(new Finding(kind, FormattableString.Invariant(sentence)));
    }
}
