using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Bench;

/// <summary>Policies made for a measurement.</summary>
internal static class BenchPolicy
{
    /// <summary>
    /// One number that no bench reaches, and one plan, <c>basic</c>. The window is short since a billion in a minute is less
    /// than a loop can spend.
    /// </summary>
    public const string OneLimit = """{"window":{"algorithm":"fixedWindow","window":"5s","number":1000000000}}""";

    public const string ThreeLimits = """
        {"window":{"algorithm":"fixedWindow","window":"5s","number":1000000000},
         "hour":{"algorithm":"slidingWindow","window":"60s","number":1000000000},
         "burst":{"algorithm":"tokenBucket","window":"60s","number":1000000000,"refill":"10000%"}}
        """;

    public static Policy Compile(string limits, string endpoints = "[]")
    {
        var file = $$$$"""
            {"policy":"bench","limits":{{{{limits}}}},"plans":{"basic":{}},"endpoints":{{{{endpoints}}}},
             "response":{"describe":"binding","denied":{"error":"limited"}}}
            """;
        return PolicyFile.TryCompile(Encoding.UTF8.GetBytes(file), out var policy, out var errors)
            ? policy
            : throw new InvalidOperationException(string.Join('\n', errors));
    }
}
