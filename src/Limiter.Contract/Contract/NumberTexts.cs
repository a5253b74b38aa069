using System.Globalization;

namespace Limiter.Http.Contract;

/// <summary>
/// The texts of numbers that answers repeat: a plan's limit, the second of a reset. Bounded: a number has one place,
/// and another one with the same place takes it. Thread-safe.
/// </summary>
internal static class NumberTexts
{
    private const int PlacesMask = 255;

    private static readonly Entry?[] Places = new Entry?[PlacesMask + 1];

    public static string Of(long number)
    {
        ref var place = ref Places[number & PlacesMask];
        var known = Volatile.Read(ref place);
        if (known is not null && known.Number == number) return known.Text;
        var entry = new Entry(number, number.ToString(CultureInfo.InvariantCulture));
        Volatile.Write(ref place, entry);
        return entry.Text;
    }

    private sealed record Entry(long Number, string Text);
}
