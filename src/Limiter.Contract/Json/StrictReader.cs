using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Limiter.Http.Problems;

namespace Limiter.Http.Json;

/// <summary>
/// Reads one JSON object field by field and accepts nothing else: no comments, no unknown or repeated fields, no nulls,
/// no data behind it. The first thing wrong is kept in <see cref="Problem"/>, and from then on every read is false.
/// </summary>
internal ref partial struct StrictReader
{
    /// <summary>
    /// Deepest nesting that any body of this surface has, and one more so that the message names the field.
    /// </summary>
    private const int DepthMax = 4;

    private Utf8JsonReader _json;
    private uint _seen;

    /// <param name="body">The whole body. Only one in several segments is copied.</param>
    public StrictReader(in ReadOnlySequence<byte> body)
    {
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        if (!Utf8.IsValid(bytes)) Problem = InputProblem.InvalidUtf8();
        _json = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = DepthMax });
    }

    /// <summary>What is wrong with the body; null so far.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>Whether the value that comes next is a string.</summary>
    public readonly bool IsText => _json.TokenType == JsonTokenType.String;

    /// <summary>Steps into the object that the body is.</summary>
    public bool Open()
    {
        if (!Advance()) return false;
        return _json.TokenType == JsonTokenType.StartObject || Fail(InputProblem.Malformed(0, 0));
    }

    /// <summary>
    /// Steps to the value of the next field; false at the end of the body, or when something is wrong.
    /// </summary>
    public bool Next(FieldNames names, out int field)
    {
        field = -1;
        if (!Advance()) return false;
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            // One more step finds what stands behind the object, if anything does.
            Advance();
            return false;
        }
        if (!TryField(names, out field)) return false;
        if ((_seen & (1u << field)) != 0) return Fail(InputProblem.Duplicate(names[field]));
        _seen |= 1u << field;
        return Advance();
    }

    /// <summary>Steps into an object of free names that is a field's value.</summary>
    public bool OpenMap(string field) =>
        Problem is null
        && (_json.TokenType == JsonTokenType.StartObject || Fail(InputProblem.Invalid(field, "an object")));

    /// <summary>Steps to the next value of a map; false at its end, or when something is wrong.</summary>
    public bool NextEntry(out string name)
    {
        name = "";
        return Advance() && _json.TokenType != JsonTokenType.EndObject && TryName(out name) && Advance();
    }

    /// <summary>Steps into a list that is a field's value.</summary>
    public bool OpenList(string field) =>
        Problem is null && (_json.TokenType == JsonTokenType.StartArray || Fail(InputProblem.Invalid(field, "a list")));

    /// <summary>Steps to the next value of a list; false at its end, or when something is wrong.</summary>
    public bool NextItem() => Advance() && _json.TokenType != JsonTokenType.EndArray;

    /// <summary>Whether the field has been read.</summary>
    public readonly bool Has(int field) => (_seen & (1u << field)) != 0;

    /// <summary>Whether the string that the reader is at is written as this text.</summary>
    public readonly bool Is(ReadOnlySpan<byte> utf8) =>
        IsText && !_json.ValueIsEscaped && _json.ValueTextEquals(utf8);

    /// <summary>A string of at least 1 and at most <paramref name="lengthMax"/> characters.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="lengthMax">Most characters.</param>
    /// <param name="text">The string.</param>
    /// <param name="tooLong">What a longer one is answered with, when that has words of its own.</param>
    public bool Text(string field, int lengthMax, out string text, Problem? tooLong = null)
    {
        text = "";
        if (Problem is not null) return false;
        if (!IsText) return Fail(InputProblem.Invalid(field, "a string"));
        if (!TryGetString(out var value)) return Fail(InputProblem.Invalid(field, "text without lone surrogates"));
        text = value;
        if (tooLong is not null && value.Length > lengthMax) return Fail(tooLong);
        return value.Length >= 1 && value.Length <= lengthMax
            || Fail(InputProblem.Invalid(field, $"a string of 1 to {lengthMax} characters"));
    }

    /// <summary>
    /// A whole number from <paramref name="min"/> to <paramref name="max"/>, written without fraction.
    /// </summary>
    public bool Integer(string field, long min, long max, out long value)
    {
        value = 0;
        if (Problem is not null) return false;
        return _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out value) && value >= min && value <= max
            || Fail(InputProblem.Invalid(field, $"a whole number from {min} to {max}"));
    }

    /// <summary>A whole number whose bounds are checked elsewhere.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="must">What is told of anything else, as in "must be a whole number".</param>
    /// <param name="value">The number.</param>
    public bool Integer(string field, string must, out long value)
    {
        value = 0;
        if (Problem is not null) return false;
        return _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out value)
            || Fail(InputProblem.Invalid(field, must));
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Boolean(string field, out bool value)
    {
        value = _json.TokenType == JsonTokenType.True;
        if (Problem is not null) return false;
        return value || _json.TokenType == JsonTokenType.False || Fail(InputProblem.Invalid(field, "true or false"));
    }

    /// <summary>A number as a decimal; false also where it does not fit one.</summary>
    public bool Decimal(string field, string must, out decimal value)
    {
        value = 0;
        if (Problem is not null) return false;
        return _json.TokenType == JsonTokenType.Number && _json.TryGetDecimal(out value)
            || Fail(InputProblem.Invalid(field, must));
    }

    /// <summary>Records what is wrong, unless something was before. Always false.</summary>
    public bool Fail(Problem problem)
    {
        Problem ??= problem;
        return false;
    }

    private bool Advance()
    {
        if (Problem is not null) return false;
        try
        {
            return _json.Read();
        }
        catch (JsonException e)
        {
            return Fail(InputProblem.Malformed(e.LineNumber ?? 0, e.BytePositionInLine ?? 0));
        }
    }

    private bool TryField(FieldNames names, out int field)
    {
        // A name without escapes is compared as it stands. One with escapes may hold half a character.
        field = _json.ValueIsEscaped ? -1 : names.Find(ref _json);
        if (field >= 0) return true;
        if (!TryName(out var name)) return false;
        field = names.Find(name);
        return field >= 0 || Fail(InputProblem.Unknown(name));
    }

    private bool TryName(out string name) =>
        TryGetString(out name) || Fail(InputProblem.UnreadableName());

    private readonly bool TryGetString(out string text)
    {
        try
        {
            text = _json.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // The only such case: an escaped surrogate without its other half.
            text = "";
            return false;
        }
    }
}
