using System.Diagnostics.CodeAnalysis;

namespace Limiter.Domain.Tenants;

/// <summary>
/// A tenant's name as the owner of the API chose it: 1 to 64 characters of <c>A-Z a-z 0-9 . _ -</c>, the first a
/// letter or digit. <c>default</c> is no tenant.
/// </summary>
public readonly record struct TenantId
{
    public const int LengthMax = 64;

    private readonly string? _text;

    private TenantId(string text) => _text = text;

    public string Text => _text ?? "";

    public static bool TryParse([NotNullWhen(true)] string? text, out TenantId id)
    {
        id = default;
        if (!Name.IsValid(text, LengthMax)) return false;
        id = new TenantId(text);
        return true;
    }

    public override string ToString() => Text;
}
