using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

/// <summary>The least that a policy needs, with parts replaced.</summary>
internal static class PolicyText
{
    // The brace stands on line 1, the name on line 2.
    public const int LimitsLine = 3;
    public const int PlansLine = 4;
    public const int EndpointsLine = 5;
    public const int ResponseLine = 6;
    public const int MoreLine = 7;

    public static string With(
        string limits = """{ "minute": { "algorithm": "fixedWindow", "window": "60s" } }""",
        string plans = """{ "basic": { "minute": 60 } }""",
        string endpoints = "[]",
        string response = """{ "denied": {} }""",
        string more = "") => $$"""
        {
          "policy": "test",
          "limits": {{limits}},
          "plans": {{plans}},
          "endpoints": {{endpoints}},
          "response": {{response}},
          {{more}}
        }
        """;

    public static IReadOnlyList<PolicyError> Errors(string text)
    {
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out _, out var errors);
        return errors;
    }

    public static void ShouldFail(string text, string path, int line, string message)
    {
        var errors = Errors(text);

        errors.ShouldContain(
            error => error.Path == path && error.Line == line && error.Message.Contains(message),
            string.Join('\n', errors));
    }
}
