namespace Limiter.Server.Commands.Policies;

/// <summary>The file that a new policy begins as.</summary>
internal static class StarterPolicy
{
    /// <param name="name">The policy's name, as it goes into the file.</param>
    public static string Text(string name) => $$"""
        // A policy of Limiter. Comments are allowed. "limiter policy validate FILE" says everything that is wrong.
        {
          "policy": "{{System.Text.Json.JsonEncodedText.Encode(name)}}",

          "limits": {
            // At most N in any 60 seconds. "per" is tenant, key or ip.
            "minute": { "algorithm": "slidingWindow", "window": "60s", "per": "tenant" },
            // At most N a UTC day.
            "day": { "algorithm": "calendar", "window": "day", "per": "tenant" }
          },

          "plans": {
            "free": { "minute": 60, "day": 1000 },
            "paid": { "minute": 600, "day": "unlimited" }
          },

          // When the store cannot be reached: "closed" refuses, "open" admits and charges later.
          "whenUnreachable": "closed",

          "response": {
            // The limit that X-RateLimit-* tells of; "binding" is the one with least left.
            "describe": "binding",
            "reset": "unix",
            "remainingWhenDenied": "zero",
            // The body of a 429.
            "denied": {
              "error": { "code": "rate_limited", "message": "Too many requests. Retry after {retryAfter} seconds." }
            }
          }
        }

        """;
}
