using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Policies;

/// <summary>The policy files of the repository.</summary>
internal static class ShippedPolicies
{
    public static readonly string[] Names = ["workestra", "wundertre", "waqti", "lms", "points"];

    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder(), file));

    public static Policy Load(string name) => Compile(Bytes($"{name}.json"));

    public static Policy Compile(string text) => Compile(Encoding.UTF8.GetBytes(text));

    private static Policy Compile(byte[] utf8)
    {
        PolicyFile.TryCompile(utf8, out var policy, out var errors).ShouldBeTrue(string.Join('\n', errors));
        return policy!;
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Limiter.sln"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, "policies");
    }
}
