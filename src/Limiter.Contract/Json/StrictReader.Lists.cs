using System.Text.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Json;

// Lists, and bytes in a text.
internal ref partial struct StrictReader
{
    /// <summary>Steps into a list that is a field's value.</summary>
    public bool OpenList(string field) =>
        Problem is null
        && (_json.TokenType == JsonTokenType.StartArray || Fail(InputProblem.Invalid(field, "a list")));

    /// <summary>Steps to the next value of a list; false at its end, or when something is wrong.</summary>
    public bool NextItem() => Advance() && _json.TokenType != JsonTokenType.EndArray;

    /// <summary>Bytes in base64.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="bytes">The bytes.</param>
    public bool Bytes(string field, out byte[] bytes)
    {
        bytes = [];
        if (Problem is not null) return false;
        if (!IsText || !_json.TryGetBytesFromBase64(out var read))
            return Fail(InputProblem.Invalid(field, "bytes in base64"));
        bytes = read;
        return true;
    }
}
