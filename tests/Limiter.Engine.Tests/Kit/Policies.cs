using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Tests.Kit;

/// <summary>The policy files of the repository, and small ones of the tests' own.</summary>
internal static class Policies
{
    public static Policy Shipped(string name) => Compile(File.ReadAllText(Path.Combine(Folder(), $"{name}.json")));

    /// <summary>One fixed minute of ten for a tenant.</summary>
    public static Policy TenAMinute(string whenUnreachable = "\"closed\"", string algorithm = "fixedWindow") => Compile(
        $$"""
        {
          "policy": "ten",
          "limits": { "minute": { "algorithm": "{{algorithm}}", "window": "60s", "per": "tenant" } },
          "plans": { "small": { "minute": 10 }, "big": { "minute": 1000 } },
          "cost": { "default": 1, "min": 1, "max": 100 },
          "whenUnreachable": {{whenUnreachable}},
          "response": { "describe": "minute", "reset": "unix", "denied": { "error": "denied" } }
        }
        """);

    /// <summary>A minute for a tenant, one for each of its keys and one for each address.</summary>
    public static Policy PerEverything(int tenant, int key, int ip, string whenUnreachable = "\"closed\"") => Compile(
        $$"""
        {
          "policy": "everything",
          "limits": {
            "tenant": { "algorithm": "fixedWindow", "window": "60s", "per": "tenant", "number": {{tenant}} },
            "key": { "algorithm": "slidingWindow", "window": "60s", "per": "key", "number": {{key}} },
            "ip": { "algorithm": "tokenBucket", "window": "60s", "per": "ip", "number": {{ip}} }
          },
          "plans": { "small": {} },
          "whenUnreachable": {{whenUnreachable}},
          "response": { "describe": "binding", "reset": "unix", "denied": { "error": "denied" } }
        }
        """);

    public static Policy Compile(string text)
    {
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out var policy, out var errors)
            .ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Limiter.sln"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, "policies");
    }
}
