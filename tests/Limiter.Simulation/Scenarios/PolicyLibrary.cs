using System.Collections.Concurrent;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Scenarios;

/// <summary>The policies that worlds run under: the shipped ones, and those of this project's folder.</summary>
internal static class PolicyLibrary
{
    private static readonly ConcurrentDictionary<string, Policy> s_compiled = new(StringComparer.Ordinal);

    /// <summary>The five that Limiter ships.</summary>
    public static readonly IReadOnlyList<string> Shipped = ["lms", "points", "waqti", "workestra", "wundertre"];

    /// <summary>All, with those that show what no shipped one does.</summary>
    public static readonly IReadOnlyList<string> All = [.. Shipped, "tokens", "layers", "local"];

    public static Policy Find(string name) => s_compiled.GetOrAdd(name, Compile);

    private static Policy Compile(string name)
    {
        using var stream = typeof(PolicyLibrary).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no policy {name}.", nameof(name));
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        if (PolicyFile.TryCompile(bytes, out var policy, out var errors)) return policy;
        throw new InvalidOperationException($"{name}: {string.Join("; ", errors)}");
    }
}
