namespace Limiter.Domain.Policies;

/// <summary>One thing that is wrong with a policy file.</summary>
/// <param name="Path">Where, as a JSON path: <c>$.plans.basic.minute</c>, <c>$.endpoints[0].match[1]</c>.</param>
/// <param name="Line">Line of the file, from 1.</param>
/// <param name="Message">What is wrong and what is accepted; made to follow the path in a sentence.</param>
public sealed record PolicyError(string Path, int Line, string Message)
{
    public override string ToString() => $"line {Line}: {Path} {Message}";
}
