namespace Limiter.Functions.Host.Entities;

/// <summary>How signals reach an entity. Every chance comes from the seed.</summary>
public sealed class Delivery
{
    private readonly Random? _random;

    private Delivery(Random? random) => _random = random;

    /// <summary>Each signal at once, in order, and once.</summary>
    public static Delivery Prompt => new(null);

    /// <summary>Signals come late, in any order, again and again; the process dies before or after it saved.</summary>
    public static Delivery Hostile(int seed) => new(new Random(seed));

    /// <summary>Whether a signal runs as soon as it is sent; otherwise when the entity is next looked at.</summary>
    public bool IsPrompt => _random is null;

    /// <summary>Whether one more of the waiting signals is run now.</summary>
    public bool RunsNow() => Chance(70);

    /// <summary>Which of the waiting signals is next.</summary>
    public int Next(int waiting) => _random?.Next(waiting) ?? 0;

    /// <summary>Whether the process dies before the state is saved: the signal comes again.</summary>
    public bool DiesBeforeSaving() => Chance(10);

    /// <summary>Whether the signal comes again: the process died after saving, or the queue repeats itself.</summary>
    public bool ComesAgain() => Chance(25);

    private bool Chance(int percent) => _random is not null && _random.Next(100) < percent;
}
