using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Functions.Tests.Kit;

internal static class Policies
{
    /// <summary>A shipped policy, as the function app finds it.</summary>
    public static Policy Shipped(string name) =>
        Compile(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "policies", name + ".json")));

    /// <summary>A fixed minute of fifty for a tenant.</summary>
    public static Policy FiftyAMinute() => Minute(50, "closed");

    /// <summary>A fixed minute for a tenant.</summary>
    public static Policy Minute(int number, string whenUnreachable) => Compile(Encoding.UTF8.GetBytes(
        $$"""
        {
          "policy": "minute",
          "limits": { "minute": { "algorithm": "fixedWindow", "window": "60s", "per": "tenant" } },
          "plans": { "basic": { "minute": {{number}} } },
          "cost": { "default": 1, "min": 1, "max": 100 },
          "whenUnreachable": "{{whenUnreachable}}",
          "response": { "describe": "minute", "reset": "unix", "denied": { "error": "denied" } }
        }
        """));

    /// <summary>A token bucket that a thousand requests a second do not empty.</summary>
    public static Policy Hot() => Compile(Encoding.UTF8.GetBytes(
        """
        {
          "policy": "hot",
          "limits": { "rate": { "algorithm": "tokenBucket", "window": "60s", "per": "tenant" } },
          "plans": { "basic": { "rate": 90000 } },
          "whenUnreachable": "closed",
          "response": { "describe": "rate", "reset": "unix", "denied": { "error": "denied" } }
        }
        """));

    private static Policy Compile(ReadOnlyMemory<byte> utf8)
    {
        PolicyFile.TryCompile(utf8, out var policy, out var errors).ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }
}
