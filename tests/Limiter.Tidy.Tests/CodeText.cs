namespace Limiter.Tidy.Tests;

/// <summary>
/// Enough of C#'s lexical grammar to tell code from comments and literals. What is blanked becomes spaces, so every
/// character keeps its place. Code in the holes of an interpolated string stays.
/// </summary>
internal sealed class CodeText
{
    private readonly string _text;
    private readonly char[] _code;
    private int _at;

    private CodeText(string text)
    {
        _text = text;
        _code = text.ToCharArray();
    }

    public static string Blank(string text)
    {
        var scan = new CodeText(text);
        scan.Code(inHole: false);
        return new string(scan._code);
    }

    /// <summary>Blanks what lies inside any bracket, so that only the outermost level is left.</summary>
    public static string BlankInsideBrackets(string code)
    {
        var outer = code.ToCharArray();
        var depth = 0;
        for (var i = 0; i < outer.Length; i++)
        {
            if (code[i] is '}' or ')' or ']') depth--;
            if (depth > 0 && code[i] != '\n') outer[i] = ' ';
            if (code[i] is '{' or '(' or '[') depth++;
        }
        return new string(outer);
    }

    /// <summary>Keeps code until the end, or until the brace or the format that ends a hole.</summary>
    private void Code(bool inHole)
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (Literal()) continue;
            if (inHole && depth == 0 && c == '}') return;
            if (inHole && depth == 0 && c == ':' && Next != ':') Format();
            else
            {
                if (c is '(' or '[' or '{') depth++;
                if (c is ')' or ']' or '}') depth--;
                _at++;
            }
        }
    }

    private char Next => _at + 1 < _text.Length ? _text[_at + 1] : '\0';

    private void Format()
    {
        while (_at < _text.Length && _text[_at] != '}') Erase(1);
    }

    private bool Literal()
    {
        if (Is("//")) EraseUntil("\n", keepEnd: true);
        else if (Is("/*")) EraseUntil("*/", keepEnd: false);
        else if (_text[_at] == '\'') Quoted('\'');
        else return Text();
        return true;
    }

    /// <summary>A string in any of its forms: perhaps <c>$</c> or <c>@</c>, then one quote or at least three.</summary>
    private bool Text()
    {
        var open = _at;
        var dollars = 0;
        var verbatim = false;
        for (; open < _text.Length && _text[open] is '$' or '@'; open++)
        {
            if (_text[open] == '$') dollars++;
            else verbatim = true;
        }
        var quotes = Run('"', open);
        if (quotes == 0) return false;
        Erase(open - _at);
        if (quotes >= 3) Raw(quotes, dollars);
        else if (quotes == 2) Erase(2);
        else if (dollars == 0 && !verbatim) Quoted('"');
        else Interpolated(verbatim, dollars > 0);
        return true;
    }

    private void Quoted(char quote)
    {
        Erase(1);
        while (_at < _text.Length && _text[_at] != quote && _text[_at] != '\n') Erase(_text[_at] == '\\' ? 2 : 1);
        Erase(1);
    }

    private void Interpolated(bool verbatim, bool holes)
    {
        Erase(1);
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == '"' && !(verbatim && Next == '"')) break;
            if (c == '"' || (holes && c is '{' or '}' && Next == c) || (c == '\\' && !verbatim)) Erase(2);
            else if (c == '{' && holes) Hole(1);
            else Erase(1);
        }
        Erase(1);
    }

    private void Raw(int quotes, int dollars)
    {
        Erase(quotes);
        while (_at < _text.Length && Run('"', _at) < quotes)
        {
            var braces = Run('{', _at);
            if (dollars > 0 && braces >= dollars)
            {
                Erase(braces - dollars);
                Hole(dollars);
            }
            else Erase(1);
        }
        Erase(quotes);
    }

    private void Hole(int braces)
    {
        Erase(braces);
        Code(inHole: true);
        Erase(braces);
    }

    private bool Is(string start) => string.CompareOrdinal(_text, _at, start, 0, start.Length) == 0;

    private int Run(char c, int from)
    {
        var end = from;
        while (end < _text.Length && _text[end] == c) end++;
        return end - from;
    }

    private void EraseUntil(string end, bool keepEnd)
    {
        var found = _text.IndexOf(end, _at + 2, StringComparison.Ordinal);
        if (found < 0) found = _text.Length;
        else if (!keepEnd) found += end.Length;
        Erase(found - _at);
    }

    private void Erase(int count)
    {
        for (; count > 0 && _at < _text.Length; count--, _at++)
            if (_text[_at] != '\n')
                _code[_at] = ' ';
    }
}
