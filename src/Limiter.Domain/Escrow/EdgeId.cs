namespace Limiter.Domain.Escrow;

/// <summary>A process that answers checks; random at each start, so a restarted process is another edge.</summary>
public readonly record struct EdgeId(ulong Value)
{
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
