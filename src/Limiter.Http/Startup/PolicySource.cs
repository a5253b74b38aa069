using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Limiter.Domain.Policies;

namespace Limiter.Http.Startup;

/// <summary>Finds and compiles the policy that a host is to serve.</summary>
public static class PolicySource
{
    private const string Folder = "policies";
    private const string Extension = ".json";

    /// <summary>Loads a policy file, a shipped policy by its bare name, or a policy that is given as text.</summary>
    /// <param name="name">
    /// A path, a name such as <c>waqti</c> (a file of that path comes first), or the text of a policy file: what has a
    /// brace in it is text.
    /// </param>
    /// <param name="policy">The policy, when nothing is wrong.</param>
    /// <param name="errors">Otherwise every error, each with the file and where in it.</param>
    public static bool TryLoad(
        string name, [NotNullWhen(true)] out Policy? policy, out ImmutableArray<string> errors)
    {
        policy = null;
        if (name.Contains('{', StringComparison.Ordinal))
            return TryCompile("the policy's text", Encoding.UTF8.GetBytes(name), out policy, out errors);
        var file = Find(name);
        if (file is null)
        {
            errors = [$"{name}: there is no such file, and no shipped policy of that name; shipped are: {Shipped()}"];
            return false;
        }
        try
        {
            return TryCompile(file, ReadAtMost(file), out policy, out errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors = [$"{file}: cannot be read: {e.Message}"];
            return false;
        }
    }

    /// <summary>The file that a policy's name stands for; null for text, and when there is none.</summary>
    public static string? FileOf(string name) => name.Contains('{', StringComparison.Ordinal) ? null : Find(name);

    /// <summary>Compiles the bytes of a policy file.</summary>
    /// <param name="where">How errors name it.</param>
    /// <param name="utf8">The bytes.</param>
    /// <param name="policy">The policy, when nothing is wrong.</param>
    /// <param name="errors">Otherwise every error, each with the file and where in it.</param>
    public static bool TryCompile(
        string where, ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out Policy? policy,
        out ImmutableArray<string> errors)
    {
        var isValid = PolicyFile.TryCompile(utf8, out policy, out var wrong);
        errors = [.. wrong.Select(error => $"{where}: {error}")];
        return isValid;
    }

    private static string? Find(string name)
    {
        if (File.Exists(name)) return Path.GetFullPath(name);
        if (name.AsSpan().ContainsAny('/', '\\')) return null;
        var shipped = Path.Combine(AppContext.BaseDirectory, Folder, name + Extension);
        return File.Exists(shipped) ? shipped : null;
    }

    /// <summary>No more than the compiler would look at, and a byte to tell it that there is more.</summary>
    /// <exception cref="IOException">It cannot be read, or not by this process.</exception>
    public static ReadOnlyMemory<byte> ReadAtMost(string file)
    {
        using var stream = File.OpenRead(file);
        var buffer = new byte[PolicyFile.BytesMax + 1];
        return buffer.AsMemory(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
    }

    private static string Shipped()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, Folder);
        if (!Directory.Exists(folder)) return "none";
        return string.Join(", ", Directory.GetFiles(folder, "*" + Extension).Select(Path.GetFileNameWithoutExtension)
            .Where(name => !name!.EndsWith(".schema", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }
}
