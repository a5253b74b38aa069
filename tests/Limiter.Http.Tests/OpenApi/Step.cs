namespace Limiter.Http.Tests.OpenApi;

/// <summary>One call, and how it is answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Call">The method and the path as the document has them.</param>
/// <param name="Target">The path and query that are sent.</param>
/// <param name="Body">JSON; what earlier answers told stands in it by name, in braces.</param>
internal sealed record Step(int Status, string Call, string Target, string? Body = null)
{
    /// <summary>Separated by bars.</summary>
    public string Headers { get; init; } = "Authorization: Bearer admin-key";
}
