namespace Limiter.Infra.Tests.Reading;

internal enum TokenKind { Word, Number, Text, Symbol, NewLine }

/// <param name="Kind">What it is.</param>
/// <param name="Text">As written; a text with its quotes.</param>
/// <param name="Line">From 1.</param>
/// <param name="Holes">The tokens inside a text's <c>${...}</c>.</param>
internal sealed record Token(TokenKind Kind, string Text, int Line, IReadOnlyList<Token> Holes)
{
    public bool Is(string text) => Kind != TokenKind.Text && Text == text;
}
