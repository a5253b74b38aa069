using System.Diagnostics.CodeAnalysis;

namespace Limiter.Domain.Policies;

/// <summary>
/// A limit's name: 1 to 32 characters of <c>a-z 0-9 - _</c>, first a letter. <c>default</c> is no limit.
/// </summary>
public readonly record struct LimitId
{
    public const int LengthMax = 32;

    /// <summary>
    /// The count of its UTC day that every bucket keeps, whatever the policy says. No policy can name it.
    /// </summary>
    public static readonly LimitId Day = new("@day");

    private readonly string? _name;

    private LimitId(string name) => _name = name;

    public string Name => _name ?? "";

    public static bool TryParse([NotNullWhen(true)] string? text, out LimitId id)
    {
        id = default;
        if (text is null || text.Length is 0 or > LengthMax || !char.IsAsciiLetterLower(text[0])) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_')) return false;
        id = new LimitId(text);
        return true;
    }

    /// <summary>A name that was valid when it was stored, <see cref="Day"/> included.</summary>
    internal static LimitId Stored(string name) => new(name);

    public override string ToString() => Name;
}
