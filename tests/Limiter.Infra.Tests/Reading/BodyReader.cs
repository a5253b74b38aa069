namespace Limiter.Infra.Tests.Reading;

/// <summary>Reads the object that a resource or module is given, as values by path.</summary>
internal sealed class BodyReader
{
    private readonly IReadOnlyList<Token> _tokens;
    private readonly Dictionary<string, string> _values = [];
    private int _at;

    private BodyReader(IReadOnlyList<Token> tokens) => _tokens = tokens;

    public static IReadOnlyDictionary<string, string> Read(IReadOnlyList<Token> declaration)
    {
        var reader = new BodyReader(declaration);
        while (!declaration[reader._at].Is("{")) reader._at++;
        reader.Object("");
        return reader._values;
    }

    private void Object(string path)
    {
        _at++;
        for (SkipSeparators(); !_tokens[_at].Is("}"); SkipSeparators())
        {
            var key = _tokens[_at].Text.Trim('\'');
            if (!_tokens[_at + 1].Is(":")) throw new FormatException($"Line {_tokens[_at].Line}: {key} has no value.");
            _at += 2;
            Value(path.Length == 0 ? key : $"{path}.{key}");
        }
        _at++;
    }

    private void Array(string path)
    {
        _at++;
        var index = 0;
        for (SkipSeparators(); !_tokens[_at].Is("]"); SkipSeparators()) Value($"{path}[{index++}]");
        _at++;
    }

    private void Value(string path)
    {
        var start = _at;
        var open = 0;
        if (_tokens[_at].Is("{")) Object(path);
        else if (_tokens[_at].Is("[")) Array(path);
        else if (_tokens[_at + 1].Is("(") && _tokens[_at + 2].Is("["))
        {
            // concat([...], more): the elements that are written out count as the value's own.
            _at += 2;
            open++;
            Array(path);
        }
        SkipExpression(open);
        _values.Add(path, string.Join(' ', _tokens.Skip(start).Take(_at - start).Select(token => token.Text)));
    }

    private void SkipExpression(int depth)
    {
        for (; depth > 0 || !EndsValue(_tokens[_at]); _at++)
        {
            if (_tokens[_at].Kind != TokenKind.Symbol) continue;
            if (_tokens[_at].Text is "{" or "[" or "(") depth++;
            if (_tokens[_at].Text is "}" or "]" or ")") depth--;
        }
    }

    private static bool EndsValue(Token token) =>
        token.Kind == TokenKind.NewLine || token.Is(",") || token.Is("}") || token.Is("]");

    private void SkipSeparators()
    {
        while (_tokens[_at].Kind == TokenKind.NewLine || _tokens[_at].Is(",")) _at++;
    }
}
