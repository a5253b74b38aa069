using System.Diagnostics.CodeAnalysis;

namespace Limiter.Domain.Tenants;

/// <summary>
/// A key's public name within its tenant; same alphabet and length as a <see cref="TenantId"/>. Never the secret.
/// <c>default</c> is no key.
/// </summary>
public readonly record struct KeyId
{
    public const int LengthMax = 64;

    private readonly string? _text;

    private KeyId(string text) => _text = text;

    public string Text => _text ?? "";

    public bool IsNone => _text is null;

    public static bool TryParse([NotNullWhen(true)] string? text, out KeyId id)
    {
        id = default;
        if (!Name.IsValid(text, LengthMax)) return false;
        id = new KeyId(text);
        return true;
    }

    public override string ToString() => Text;
}
