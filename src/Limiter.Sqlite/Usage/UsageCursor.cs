using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Tenants;

namespace Limiter.Sqlite.Usage;

/// <summary>The row or total after which a list goes on; of a total the edge and the number are 0.</summary>
internal readonly record struct UsageCursor(TenantId Tenant, Instant Start, long Edge, long Number)
{
    /// <summary>Before everything of every tenant.</summary>
    public static readonly UsageCursor First = new(default, Instant.MinValue, long.MinValue, long.MinValue);

    // No tenant's name has it.
    private const char Separator = '!';

    // A name, and three times a separator, a sign and 19 digits.
    private const int LengthMax = TenantId.LengthMax + 3 * 21;

    private static readonly Instant StartMax = Instant.From(DateTimeOffset.MaxValue);

    /// <summary>Right before everything of a tenant that starts at a time or later.</summary>
    public static UsageCursor At(TenantId tenant, Instant start) =>
        new(tenant, start + -1, long.MaxValue, long.MaxValue);

    /// <summary>Where a page of one tenant's list starts.</summary>
    /// <exception cref="ArgumentException">The text is no cursor of this list.</exception>
    public static UsageCursor Of(TenantId tenant, Instant from, string? text)
    {
        // Nothing is older than the epoch, and far below it no calendar goes.
        var start = At(tenant, Instant.Max(from, default));
        if (text is null) return start;
        var cursor = Parse(text);
        if (cursor.Tenant != tenant) throw new ArgumentException("The cursor is of another list.", nameof(text));
        return cursor.Start > start.Start ? cursor : start;
    }

    /// <exception cref="ArgumentException">The text is no cursor.</exception>
    public static UsageCursor Parse(string text)
    {
        string[] parts = text.Length <= LengthMax ? text.Split(Separator) : [];
        if (parts.Length == 4
            && (TenantId.TryParse(parts[0], out var tenant) || parts[0].Length == 0)
            && TryParse(parts[1], out var start) && start >= -1 && start <= StartMax.UnixMilliseconds
            && TryParse(parts[2], out var edge)
            && TryParse(parts[3], out var number))
            return new UsageCursor(tenant, new Instant(start), edge, number);
        throw new ArgumentException("It is no cursor.", nameof(text));
    }

    public string Encode() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Tenant.Text}{Separator}{Start.UnixMilliseconds}{Separator}{Edge}{Separator}{Number}");

    private static bool TryParse(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
