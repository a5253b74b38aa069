namespace Limiter.Http.Problems;

/// <summary>The 400s and 413s of what callers send: each names the field at fault.</summary>
internal static class InputProblem
{
    /// <summary>Longest part of a caller's own field name that an answer repeats, in characters.</summary>
    private const int EchoMax = 100;

    public static Problem Malformed(long line, long column) => new(400, ProblemCode.MalformedJson,
        $"The body is not one JSON object: it fails at line {line + 1}, byte {column + 1}.");

    public static Problem InvalidUtf8() => new(400, ProblemCode.InvalidUtf8, "The body is not valid UTF-8.");

    public static Problem TooLarge(int bytesMax) => new(413, ProblemCode.BodyTooLarge,
        $"The body is larger than {bytesMax} bytes.") { Cap = bytesMax };

    public static Problem Unknown(string field) => new(400, ProblemCode.UnknownField,
        $"There is no field '{Echo(field)}' here.") { Field = Echo(field) };

    public static Problem UnreadableName() => new(400, ProblemCode.UnknownField,
        "A field's name holds a surrogate without its other half.");

    public static Problem Duplicate(string field) => new(400, ProblemCode.DuplicateField,
        $"The field '{Echo(field)}' is given more than once.") { Field = Echo(field) };

    public static Problem Missing(string field) => new(400, ProblemCode.MissingField,
        $"The field '{field}' is required.") { Field = field };

    /// <param name="field">The field at fault.</param>
    /// <param name="must">What it must be, as in "must be a string".</param>
    public static Problem Invalid(string field, string must) => new(400, ProblemCode.InvalidField,
        $"The field '{Echo(field)}' must be {must}.") { Field = Echo(field) };

    public static Problem Conflicting(string field, string detail) =>
        new(400, ProblemCode.ConflictingFields, detail) { Field = field };

    private static string Echo(string field)
    {
        if (field.Length <= EchoMax) return field;
        var end = char.IsHighSurrogate(field[EchoMax - 1]) ? EchoMax - 1 : EchoMax;
        return field[..end] + "…";
    }
}
