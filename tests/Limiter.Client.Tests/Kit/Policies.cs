using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Client.Tests.Kit;

/// <summary>Policies for tests.</summary>
internal static class Policies
{
    public static Policy Shipped(string name) =>
        Compile(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies", name + ".json")));

    public static Policy Compile(string text)
    {
        PolicyFile.TryCompile(Encoding.UTF8.GetBytes(text), out var policy, out var errors)
            .ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }

    /// <summary>One window of a minute, with costs and a cap on records.</summary>
    public static string Text(int number = 100, string whenUnreachable = "\"closed\"", string more = "") => $$"""
        {
          "policy": "test",
          "limits": { "minute": { "algorithm": "fixedWindow", "window": "60s", "number": {{number}} }{{more}} },
          "plans": { "only": {}, "free": {} },
          "anonymous": "free",
          "endpoints": [ { "group": "bulk", "match": ["POST /bulk"], "maxRecords": 50 } ],
          "exempt": ["GET /health"],
          "otherwise": "rest",
          "cost": { "default": 1, "min": 1, "max": 50 },
          "whenUnreachable": {{whenUnreachable}},
          "response": { "describe": "binding", "reset": "unix", "denied": { "error": "denied" } }
        }
        """;

    public static Policy Of(int number = 100, string whenUnreachable = "\"closed\"") =>
        Compile(Text(number, whenUnreachable));
}
