using System.Globalization;
using System.Text;

namespace Limiter.Http.Contract;

/// <summary>
/// Serializes a list of structured fields: RFC 9651, section 4.1. A value that the format cannot carry is a bug of the
/// caller and throws, as the RFC demands; nothing is repaired or left out.
/// </summary>
internal sealed class StructuredFieldWriter
{
    /// <summary>The greatest integer; the least is its negative.</summary>
    public const long IntegerMax = 999_999_999_999_999;

    private const decimal DecimalMax = 999_999_999_999.999m;

    private readonly StringBuilder _text = new(64);
    private bool _first = true;
    private bool _inner;

    /// <summary>Starts the next member of the list, or of the inner list that is open.</summary>
    public StructuredFieldWriter Member()
    {
        if (!_first) _text.Append(_inner ? " " : ", ");
        _first = false;
        return this;
    }

    /// <summary>Opens an inner list as the member that was just started. Inner lists do not nest.</summary>
    public StructuredFieldWriter OpenInnerList()
    {
        _text.Append('(');
        _inner = _first = true;
        return this;
    }

    public StructuredFieldWriter CloseInnerList()
    {
        _text.Append(')');
        _inner = _first = false;
        return this;
    }

    /// <param name="key">
    /// Lower-case letters, digits and <c>_-.*</c>; first a letter or <c>*</c>. Its value follows, unless it is true.
    /// </param>
    public StructuredFieldWriter Parameter(string key)
    {
        if (key.Length == 0 || !(char.IsAsciiLetterLower(key[0]) || key[0] == '*') || !key.All(IsKeyCharacter))
            throw new FormatException("A key is lower-case letters, digits and '_-.*', first a letter or '*'.");
        _text.Append(';').Append(key);
        return this;
    }

    /// <summary>As <see cref="Parameter(string)"/>, with the equals sign that a value other than true needs.</summary>
    public StructuredFieldWriter ParameterValue(string key)
    {
        Parameter(key)._text.Append('=');
        return this;
    }

    public StructuredFieldWriter Integer(long value)
    {
        if (value is > IntegerMax or < -IntegerMax) throw new FormatException("An integer has at most 15 digits.");
        _text.Append(value);
        return this;
    }

    /// <summary>Rounded to three decimals, ties to the even digit.</summary>
    public StructuredFieldWriter Decimal(decimal value)
    {
        var rounded = Math.Round(value, 3, MidpointRounding.ToEven);
        if (Math.Abs(rounded) > DecimalMax) throw new FormatException("A decimal has at most 12 integer digits.");
        _text.Append(rounded.ToString("0.0##", CultureInfo.InvariantCulture));
        return this;
    }

    /// <param name="value">Printable ASCII.</param>
    public StructuredFieldWriter String(string value)
    {
        _text.Append('"');
        foreach (var c in value)
        {
            if (c is < ' ' or > '~') throw new FormatException("A string is printable ASCII.");
            if (c is '"' or '\\') _text.Append('\\');
            _text.Append(c);
        }
        _text.Append('"');
        return this;
    }

    /// <param name="value">
    /// A token of RFC 9110 that starts with a letter or <c>*</c>; colon and slash are allowed besides.
    /// </param>
    public StructuredFieldWriter Token(string value)
    {
        if (value.Length == 0 || !(char.IsAsciiLetter(value[0]) || value[0] == '*') || !value.All(IsTokenCharacter))
            throw new FormatException("A token starts with a letter or '*'.");
        _text.Append(value);
        return this;
    }

    public StructuredFieldWriter Bytes(ReadOnlySpan<byte> value)
    {
        _text.Append(':').Append(Convert.ToBase64String(value)).Append(':');
        return this;
    }

    public StructuredFieldWriter Boolean(bool value)
    {
        _text.Append(value ? "?1" : "?0");
        return this;
    }

    public override string ToString() => _text.ToString();

    private static bool IsKeyCharacter(char c) =>
        char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.' or '*';

    private static bool IsTokenCharacter(char c) =>
        char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~:/".Contains(c, StringComparison.Ordinal);
}
