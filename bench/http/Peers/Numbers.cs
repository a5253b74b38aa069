namespace Peers;

/// <summary>How many tokens a tenant has in 60 seconds.</summary>
internal sealed record Numbers(int Rich, int Poor)
{
    public const int WindowSeconds = 60;

    public int Of(string tenant) =>
        tenant.StartsWith("poor", StringComparison.Ordinal)
        || tenant.StartsWith("Bearer bench-poor", StringComparison.Ordinal) ? Poor : Rich;
}
