using Limiter.Domain.Policies;

namespace Limiter.Http.Tests;

/// <summary>Policies for tests.</summary>
internal static class Policies
{
    /// <summary>A shipped policy, as the server finds it.</summary>
    public static Policy Shipped(string name) =>
        Compile(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "policies", name + ".json")));

    public static Policy Compile(ReadOnlyMemory<byte> utf8)
    {
        PolicyFile.TryCompile(utf8, out var policy, out var errors).ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }
}
