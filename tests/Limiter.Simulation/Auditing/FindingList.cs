namespace Limiter.Simulation.Auditing;

/// <summary>Findings, counted all and kept up to a bound: a broken promise tends to be broken often.</summary>
internal sealed class FindingList
{
    public const int KeptMax = 32;

    private readonly List<Finding> _kept = [];

    public int Count { get; private set; }

    public IReadOnlyList<Finding> Kept => _kept;

    public void Add(FindingKind kind, string sentence)
    {
        Count++;
        if (_kept.Count < KeptMax) _kept.Add(new Finding(kind, sentence));
    }

    /// <summary>More was admitted than is allowed, by itself or together with what was charged besides.</summary>
    public void AddOver(LimitAccount limit, int index, long admitted, long charged, string when, long allowed) =>
        Add(
            admitted > allowed ? FindingKind.OverLimit : FindingKind.OverAfterCharge,
            $"{limit}: {admitted} admitted{(charged > 0 ? $" and {charged} charged" : "")} {when}, {allowed} allowed; "
                + $"spent at {limit.Around(index)}.");
}
