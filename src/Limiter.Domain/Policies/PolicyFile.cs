using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Limiter.Domain.Policies.Files;

namespace Limiter.Domain.Policies;

/// <summary>
/// Turns a policy file into a <see cref="Policy"/>. A file is JSON with <c>//</c> and <c>/* */</c> comments and
/// trailing commas; <c>policies/policy.schema.json</c> describes it for editors.
/// </summary>
public static class PolicyFile
{
    /// <summary>Longest file, in bytes.</summary>
    public const int BytesMax = 256 * 1024;

    /// <summary>Most plans of a policy.</summary>
    public const int PlansMax = 100;

    /// <summary>Most endpoint patterns of a policy, over all groups.</summary>
    public const int PatternsMax = 2_000;

    /// <summary>Most errors that are reported of one file.</summary>
    public const int ErrorsMax = 1_000;

    /// <summary>Compiles a file, or says everything that is wrong with it.</summary>
    /// <param name="utf8">The file's bytes; a byte order mark is skipped.</param>
    /// <param name="policy">The policy, when nothing is wrong.</param>
    /// <param name="errors">
    /// Otherwise all errors in the file's order, at most <see cref="ErrorsMax"/>. Text that is not JSON yields the one
    /// error where reading stopped, besides what was found before it.
    /// </param>
    public static bool TryCompile(
        ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out Policy? policy, out ImmutableArray<PolicyError> errors)
    {
        var found = new PolicyErrors();
        var root = PolicyNodeReader.Read(utf8.Span, found);
        policy = root is null ? null : PolicyCompiler.Compile(root, utf8.Span, found);
        errors = found.InFileOrder();
        if (errors.Length > 0) policy = null;
        return policy is not null;
    }
}
