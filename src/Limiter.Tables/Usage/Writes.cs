namespace Limiter.Tables.Usage;

/// <summary>How many writes of one save are under way at once.</summary>
internal static class Writes
{
    public const int AtOnceMax = 8;

    public static ParallelOptions AtOnce(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancellation };
}
