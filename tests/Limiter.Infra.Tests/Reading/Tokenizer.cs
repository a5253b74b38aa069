namespace Limiter.Infra.Tests.Reading;

/// <summary>
/// Splits Bicep into tokens; comments and directives are dropped. Throws where text or brackets stay open.
/// </summary>
internal sealed class Tokenizer
{
    private const string TripleQuote = "'''";
    private static readonly string[] LongSymbols = ["=>", "==", "!=", "<=", ">=", "&&", "||", "??", "::", ".?", "=~"];

    private readonly string _text;
    private readonly Stack<(char Bracket, int Line)> _open = [];
    private int _at;
    private int _line = 1;

    private Tokenizer(string text) => _text = text;

    public static IReadOnlyList<Token> Read(string text)
    {
        var reader = new Tokenizer(text.ReplaceLineEndings("\n"));
        var tokens = reader.ReadUntil(isHole: false);
        if (reader._open.TryPeek(out var open))
            throw new FormatException($"Line {open.Line}: {open.Bracket} stays open.");
        return tokens;
    }

    // A hole ends at the brace that closes it.
    private List<Token> ReadUntil(bool isHole)
    {
        var tokens = new List<Token>();
        var depth = _open.Count;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (isHole && c == '}' && _open.Count == depth) return tokens;
            if (StartsWith("//") || c == '#') SkipLine();
            else if (c == '\n') tokens.Add(Take(TokenKind.NewLine, 1));
            else if (char.IsWhiteSpace(c)) _at++;
            else if (StartsWith(TripleQuote)) tokens.Add(Verbatim());
            else if (c == '\'') tokens.Add(Text());
            else if (char.IsAsciiLetter(c) || c == '_') tokens.Add(Run(TokenKind.Word));
            else if (char.IsAsciiDigit(c)) tokens.Add(Run(TokenKind.Number));
            else tokens.Add(Symbol());
        }
        return isHole ? throw new FormatException($"Line {_line}: a hole stays open.") : tokens;
    }

    private Token Text()
    {
        var start = _at++;
        var line = _line;
        var holes = new List<Token>();
        while (_at < _text.Length && _text[_at] is not ('\'' or '\n'))
        {
            if (_text[_at] == '\\')
            {
                if (_at + 1 >= _text.Length || !"\\'nrtu$".Contains(_text[_at + 1]))
                    throw new FormatException($"Line {_line}: no such escape.");
                _at += 2;
            }
            else if (StartsWith("${"))
            {
                _at += 2;
                holes.AddRange(ReadUntil(isHole: true));
                _at++;
            }
            else _at++;
        }
        if (_at >= _text.Length || _text[_at] == '\n') throw new FormatException($"Line {line}: a text stays open.");
        return new Token(TokenKind.Text, _text[start..++_at], line, holes);
    }

    private Token Verbatim()
    {
        var line = _line;
        var end = _text.IndexOf(TripleQuote, _at + TripleQuote.Length, StringComparison.Ordinal);
        if (end < 0) throw new FormatException($"Line {line}: a text stays open.");
        var all = _text[_at..(end + TripleQuote.Length)];
        _line += all.Count(c => c == '\n');
        _at += all.Length;
        return new Token(TokenKind.Text, all, line, []);
    }

    private Token Symbol()
    {
        if (LongSymbols.FirstOrDefault(StartsWith) is { } symbol) return Take(TokenKind.Symbol, symbol.Length);
        var c = _text[_at];
        if (c is '{' or '[' or '(') _open.Push((c, _line));
        else if (c is '}' or ']' or ')' && (!_open.TryPop(out var open) || !Match(open.Bracket, c)))
            throw new FormatException($"Line {_line}: {c} closes nothing.");
        else if (!"}]):,.=?!+-*/%<>@;".Contains(c))
            throw new FormatException($"Line {_line}: {c} is no symbol.");
        return Take(TokenKind.Symbol, 1);
    }

    private static bool Match(char open, char close) => (open, close) is ('{', '}') or ('[', ']') or ('(', ')');

    private Token Run(TokenKind kind)
    {
        var end = _at;
        while (end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] == '_')) end++;
        return Take(kind, end - _at);
    }

    private Token Take(TokenKind kind, int length)
    {
        var token = new Token(kind, _text.Substring(_at, length), _line, []);
        if (kind == TokenKind.NewLine) _line++;
        _at += length;
        return token;
    }

    private void SkipLine()
    {
        while (_at < _text.Length && _text[_at] != '\n') _at++;
    }

    private bool StartsWith(string symbol) => string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) == 0;
}
