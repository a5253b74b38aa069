using Limiter.Http.Problems;

namespace Limiter.Http.Json;

// Bytes in a text.
internal ref partial struct StrictReader
{
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
