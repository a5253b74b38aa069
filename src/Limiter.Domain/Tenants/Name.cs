using System.Diagnostics.CodeAnalysis;

namespace Limiter.Domain.Tenants;

/// <summary>
/// The alphabet that tenants and keys share: safe in a path, a log line and a storage key without escaping.
/// </summary>
internal static class Name
{
    public static bool IsValid([NotNullWhen(true)] string? text, int lengthMax)
    {
        if (text is null || text.Length == 0 || text.Length > lengthMax) return false;
        if (!char.IsAsciiLetterOrDigit(text[0])) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) return false;
        return true;
    }
}
