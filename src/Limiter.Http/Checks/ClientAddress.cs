using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Limiter.Http.Checks;

/// <summary>Client addresses as they are written in full: four decimals, or IPv6 without a zone.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// Stricter than the platform, which also takes <c>1</c>, <c>0x7f.1</c> and octal numbers: spellings of one address
    /// that a client may choose freely, and that other software reads differently.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (!IPAddress.TryParse(text, out address)) return false;
        if (address.AddressFamily == AddressFamily.InterNetwork) return address.ToString() == text;
        return address.ScopeId == 0 && !text.Contains('%', StringComparison.Ordinal)
            && !text.StartsWith('[');
    }
}
