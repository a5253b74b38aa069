using Limiter.Domain.Policies;
using Limiter.Http.Problems;

namespace Limiter.Http.Checks;

/// <summary>What is wrong with a client's own request before anything is decided: its path or its credential.</summary>
internal static class RequestProblem
{
    public static readonly Problem InvalidPath = new(400, ProblemCode.InvalidPath,
        "The path has no normal form: a backslash, a control character, or an escape that is broken or escaped itself.")
    {
        Field = "path",
    };

    public static readonly Problem PathTooLong = new(400, ProblemCode.PathTooLong,
        $"The path with its query is longer than {PathNormaliser.LengthMax} characters.")
    {
        Field = "path",
        Cap = PathNormaliser.LengthMax,
    };

    /// <param name="header">Where the credential is looked for.</param>
    public static Problem UnreadableCredential(string header) => new(401, ProblemCode.UnknownCredential,
        $"The header {header} holds no credential of the expected form.") { Field = "credential" };

    public static Problem OfPath(PathError error) => error == PathError.TooLong ? PathTooLong : InvalidPath;
}
