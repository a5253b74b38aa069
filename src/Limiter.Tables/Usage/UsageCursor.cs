using Limiter.Tables.Rows;

namespace Limiter.Tables.Usage;

/// <summary>Where a list goes on: after a row, or with a partition's first.</summary>
/// <param name="Row">Empty for before all of the partition's.</param>
internal readonly record struct UsageCursor(string Partition, string Row)
{
    // No key holds it.
    private const char Separator = '/';

    /// <exception cref="ArgumentException">The text is none that <see cref="ToString"/> gave.</exception>
    public static UsageCursor Parse(string text)
    {
        if (text.Split(Separator) is not [var partition, var row]) throw Wrong(text);
        try
        {
            StorageKey.Decode(partition);
            StorageKey.Decode(row);
        }
        catch (FormatException)
        {
            throw Wrong(text);
        }
        return new UsageCursor(partition, row);
    }

    public override string ToString() => Partition + Separator + Row;

    /// <summary>For one that does not belong to the list that it was given to.</summary>
    public static ArgumentException Wrong(string text) => new($"\"{text}\" is not where this list goes on");
}
