namespace Limiter.Contracts.Tests.Reload;

/// <summary>Two policies with the same minute, among other limits at other positions.</summary>
internal static class PolicyTexts
{
    public const int Number = 400;

    public static readonly string Wide = Of("wide",
        """
        "burst": { "algorithm": "tokenBucket", "window": "60s", "number": 1000000 },
        "minute": { "algorithm": "fixedWindow", "window": "60s" },
        "hour": { "algorithm": "slidingWindow", "window": "1h", "number": 1000000 }
        """);

    public static readonly string Narrow = Of("narrow",
        """
        "minute": { "algorithm": "fixedWindow", "window": "60s" }
        """);

    /// <summary>Three things are wrong with it.</summary>
    public static readonly string Broken = Of("broken",
        """
        "minute": { "algorithm": "fixdWindow", "window": "60s" },
        "hour": { "algorithm": "slidingWindow", "window": "1 hour", "number": 0 }
        """);

    private static string Of(string name, string limits) =>
        $$"""
        {
          "policy": "{{name}}",
          "limits": {
            {{limits}}
          },
          "plans": { "basic": { "minute": {{Number}} } },
          "response": { "describe": "minute", "denied": { "error": "denied" } }
        }
        """;
}
